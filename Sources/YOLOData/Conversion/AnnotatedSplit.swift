/// What a reader of a foreign format found: its classes, and its images with their objects.
struct AnnotatedDataset: Sendable {
    /// By class index.
    var names: [String]
    var splits: [AnnotatedSplit]
    /// Sentences for the user on the whole.
    var notes: [String] = []
    /// Set where the images are one set that is to be split at random after the conversion.
    var needsSplitting = false
}

/// The images of one folder of the data set to write, and the source of their objects.
struct AnnotatedSplit: Sendable {
    /// Which entries of a data set YAML a split belongs to.
    enum Role: String, CaseIterable, Sendable {
        case train, val, test
    }

    /// Name of the folder below `images` and `labels`.
    var folder: String
    var roles: [Role]
    /// The file that says so, to be named in messages.
    var source: String
    var images: [AnnotatedImage]
    /// Where they were looked for.
    var imageFolders: [String]
    /// What was found wrong before any object was looked at.
    var tally = ConversionTally()
    /// The objects of an image by its place in `images`. Called from several threads.
    var objects: @Sendable (Int) -> ImageObjects

    /// What a name says about a split: `train2017` is for training, `valid` for validation, `test-dev` for testing. `latest` says
    /// nothing, and `train_val` holds both; those are for training.
    static func roles(ofName name: String) -> [Role] {
        let words = words(of: name)
        if !words.isDisjoint(with: testWords) { return [.test] }
        return words.isDisjoint(with: trainingWords) && !words.isDisjoint(with: validationWords) ? [.val] : [.train]
    }

    private static let trainingWords: Set = ["train", "training", "trainset", "trainval"]
    private static let validationWords: Set = ["val", "valid", "validation", "validate", "valset", "minival", "eval", "evaluation"]
    private static let testWords: Set = ["test", "testing", "tests", "testset"]

    /// The words of a name in lower case: runs of letters, and what capitals part them into. `cocoVal2017` has `cocoval`, `coco`
    /// and `val`.
    private static func words(of name: String) -> Set<String> {
        var words: Set<String> = []
        for run in name.split(whereSeparator: { !$0.isLetter }) {
            words.insert(run.lowercased())
            var word = ""
            for (letter, next) in zip(run, run.dropFirst().map(Optional.some) + [nil]) {
                // A word begins at a capital behind a small letter, and at the last capital of several: HTMLPage.
                let follows = word.last?.isLowercase == true || next?.isLowercase == true
                if letter.isUppercase, follows, !word.isEmpty {
                    words.insert(word.lowercased())
                    word = ""
                }
                word.append(letter)
            }
            words.insert(word.lowercased())
        }
        return words
    }
}

/// An image of a foreign data set.
struct AnnotatedImage: Sendable {
    /// Its path below the split's folder; see `ImageName`.
    var name: String
    /// Where the file is; nil if it was not found.
    var path: String?
    /// Width and height in pixels as the annotations say; nil if they do not.
    var size: SIMD2<Double>?

    init(name: String, path: String?, width: Double? = nil, height: Double? = nil) {
        self.name = name
        self.path = path
        if let width, let height, width >= 1, height >= 1, width <= 1e6, height <= 1e6 { size = SIMD2(width, height) }
    }
}

/// The objects of one image, and what was left out.
struct ImageObjects: Sendable {
    var objects: [AnnotatedObject] = []
    var tally = ConversionTally()
}
