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

    /// What a name says about a split: `train2017` is for training, `valid` for validation, `test-dev` for testing.
    static func roles(ofName name: String) -> [Role] {
        let name = name.lowercased()
        if name.contains("test") { return [.test] }
        if name.contains("val") && !name.contains("trainval") { return [.val] }
        return [.train]
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
