import Downloads
import Foundation

/// Writes a data set that training reads: `images/<split>`, `labels/<split>` and a YAML, all below one folder.
///
/// What would be replaced is looked for before anything is written. Then come the labels, the images, and last the YAML: where
/// that is, the rest is complete. The same annotations give the same files, so that a conversion that was stopped goes on when
/// it is run again.
struct DatasetWriter {
    private let dataset: AnnotatedDataset
    private let title: String
    private let options: ConversionOptions
    private let folder: String
    private var images: [ConvertedImage] = []
    /// Splits that have images outside a folder of their own, so that a list says which they are.
    private var listedSplits: Set<Int> = []
    /// By split.
    private var tallies: [ConversionTally]
    private var notes: [String] = []

    /// Images of each split whose size is held against the file's.
    private static let checkedSizes = 100
    private static let mostClasses = 65_536

    /// - Parameter folder: The data set's; an absolute path.
    init(_ dataset: AnnotatedDataset, title: String, to folder: String, options: ConversionOptions) throws(ConversionError) {
        (self.dataset, self.title, self.folder, self.options) = (dataset, title, folder, options)
        tallies = dataset.splits.map(\.tally)
        notes = dataset.notes
        guard dataset.names.count <= Self.mostClasses else {
            throw .option("the annotations have \(dataset.names.count) classes; at most \(Self.mostClasses) are possible")
        }
        try checkSplitNames()
        try placeImages()
    }

    private func checkSplitNames() throws(ConversionError) {
        var sources: [String: String] = [:]
        for split in dataset.splits {
            if let other = sources.updateValue(split.source, forKey: split.folder) {
                throw .option("\(other) and \(split.source) both make the split '\(split.folder)'; rename one, or convert them to two folders")
            }
            guard !split.folder.isEmpty, split.folder != "images", !split.folder.hasPrefix("."), !split.folder.utf8.contains(UInt8(ascii: "/")) else {
                throw .option("\(split.source) makes the split '\(split.folder)', which is no name for a folder of images; rename it")
            }
        }
    }

    private mutating func placeImages() throws(ConversionError) {
        // Of all splits: images that stay in the folder `images` itself may be in several. By place in `images`.
        var imageOfLabel: [String: Int] = [:]
        for (place, split) in dataset.splits.enumerated() {
            if options.images != .none, !split.images.isEmpty, split.images.allSatisfy({ $0.path == nil }) {
                throw .notFound(
                    "the images of \(split.source)", tried: split.imageFolders.isEmpty ? ["its folder"] : split.imageFolders,
                    hint: "name their folder with --image-folder, or write labels alone with --images none")
            }
            let step = max(1, split.images.count / Self.checkedSizes)
            for (index, image) in split.images.enumerated() {
                guard image.path != nil || options.images == .none else {
                    tallies[place].count(.missingImage, "\(split.source): \(image.name) was not found")
                    continue
                }
                let stays = image.path.map { isInRoot($0, image.name) } ?? false
                if stays { listedSplits.insert(place) }
                let target = "\(folder)/images/" + (stays ? image.name : "\(split.folder)/\(image.name)")
                let label = ImagePaths.labelPath(forImage: target)
                let converted = ConvertedImage(
                    split: place, index: index, source: image.path, target: target, labelPath: label, size: image.size,
                    name: image.name, checksSize: index.isMultiple(of: step))
                if let other = imageOfLabel[label].map({ images[$0] }), let reason = misfit(of: converted, with: other) {
                    tallies[place].count(.unusableImage, "\(split.source): \(image.name) left out: \(reason)")
                    continue
                }
                imageOfLabel[label] = images.count
                images.append(converted)
            }
        }
    }

    /// What keeps two images from having one label file; nil for one image that two splits share and agree on.
    private func misfit(of image: ConvertedImage, with other: ConvertedImage) -> String? {
        guard image.split != other.split else { return "it has the label file of \(other.name)" }
        let rows = [image, other].map { $0.label(dataset.splits[$0.split], writesPolygons: options.writesPolygons).bytes }
        guard rows[0] != rows[1] else { return nil }
        return "it has the label file of \(other.name) of \(dataset.splits[other.split].source), which has other objects"
    }

    /// Whether an image lies in the data set's folder `images` itself, where it stays.
    private func isInRoot(_ path: String, _ name: String) -> Bool {
        path.hasSuffix("images/\(name)") && URL(fileURLWithPath: path).standardizedFileURL.path == "\(folder)/images/\(name)"
    }

    /// - Returns: What was done.
    mutating func write() throws(ConversionError) -> ConversionReport {
        let yaml = yaml
        let lists = lists
        try checkConflicts(yaml, lists)
        let written = try writeLabels()
        if written.reduce(0, { $0 + $1.objects }) == 0 {
            throw .noObjects(
                source: dataset.splits.map(\.source).joined(separator: ", "), reasons: Array(tallies.flatMap(\.problems).prefix(3)))
        }
        try writeImages()
        for file in lists + [yaml] { try AtomicFile.write(Array(file.text.utf8), to: file.path) }
        if yaml.lacksValidation {
            notes.append(
                "there are no validation images, so 'val:' of \(yaml.path) names the training images; "
                    + "'yolov5 data autosplit \(folder)/images' draws some")
        }
        return ConversionReport(
            yaml: yaml.path, names: dataset.names, splits: written, tallies: tallies, notes: notes)
    }
}

// MARK: - What is there already

extension DatasetWriter {
    fileprivate func checkConflicts(_ yaml: TextFile, _ lists: [TextFile]) throws(ConversionError) {
        let dataset = dataset
        let options = options
        let conflicts = concurrentMap(images) { image in
            image.conflicts(dataset.splits[image.split], options)
        }
        var labels = conflicts.flatMap(\.replaceable)
        let images = conflicts.flatMap(\.lasting)
        if let first = images.first {
            throw .conflict(path: first, count: images.count, hint: "give another folder to --to; images are never replaced")
        }
        labels += lists.filter(\.replacesSomething).map(\.path)
        if yaml.replacesSomething, !yaml.isExtended { labels.append(yaml.path) }
        if let first = labels.first, !options.replacesFiles {
            throw .conflict(
                path: first, count: labels.count,
                hint: "name all annotations in one call, give another folder to --to, or replace the files with --force")
        }
    }
}

extension ConvertedImage {
    /// Files in the way of this image and its label that hold something else than what would be written.
    fileprivate func conflicts(
        _ split: AnnotatedSplit, _ options: ConversionOptions
    ) -> (replaceable: [String], lasting: [String]) {
        var replaceable: [String] = []
        if FileStatus(labelPath, followingLinks: false) != nil, !options.replacesFiles,
            FileManager.default.contents(atPath: labelPath) != Data(label(split, writesPolygons: options.writesPolygons).bytes)
        {
            replaceable.append(labelPath)
        }
        guard options.images != .none, let source, let there = FileStatus(target, followingLinks: false), !isInPlace(options) else {
            return (replaceable, [])
        }
        if there.kind == .link { return (replaceable + [target], []) }
        let isCopy = options.images == .copy && FileManager.default.contentsEqual(atPath: source, andPath: target)
        return (replaceable, isCopy ? [] : [target])
    }

    /// Whether the image is where it goes, by itself or by a link.
    fileprivate func isInPlace(_ options: ConversionOptions) -> Bool {
        guard let source, FileStatus.isSame(source, target) else { return false }
        let isLink = FileStatus(target, followingLinks: false)?.kind == .link
        return options.images == .link || !isLink || source == target
    }
}

// MARK: - Labels and images

extension DatasetWriter {
    private mutating func writeLabels() throws(ConversionError) -> [ConversionReport.Split] {
        try makeFolders(of: images.map(\.labelPath))
        let dataset = dataset
        let (writesPolygons, replacesFiles) = (options.writesPolygons, options.replacesFiles)
        let results = concurrentMap(images) { image in
            Result { () throws(ConversionError) in
                var label = image.label(dataset.splits[image.split], writesPolygons: writesPolygons)
                if label.tally.objects > 0 {
                    try AtomicFile.write(label.bytes, to: image.labelPath)
                } else if replacesFiles {
                    // An image without objects has no label file.
                    unlink(image.labelPath)
                }
                label.bytes = []
                return label
            }
        }
        var splits = dataset.splits.map { ConversionReport.Split(name: $0.folder, source: $0.source) }
        var sizes = dataset.splits.map { _ in [String]() }
        for (image, result) in zip(images, results) {
            let label = try result.get()
            splits[image.split].images += 1
            splits[image.split].labeledImages += label.tally.objects > 0 ? 1 : 0
            splits[image.split].objects += label.tally.objects
            tallies[image.split].add(label.tally)
            if let (stated, real) = label.sizes {
                sizes[image.split].append(
                    "\(image.name) is \(Int(real.x)) by \(Int(real.y)) pixels, not \(Int(stated.x)) by \(Int(stated.y))")
            }
        }
        for (split, differing) in zip(dataset.splits, sizes) where !differing.isEmpty {
            notes.append(
                "\(split.source): of some images that were looked at, \(differing.count) have another size than it says, so their "
                    + "labels are wrong if it speaks of other versions of them; the first: \(differing[0])")
        }
        return splits
    }

    private func writeImages() throws(ConversionError) {
        let options = options
        guard options.images != .none else { return }
        let missing = images.filter { !$0.isInPlace(options) }
        try makeFolders(of: missing.map(\.target))
        let links = LinkStyle(folder: folder)
        let results = concurrentMap(missing) { image in
            Result { () throws(ConversionError) in
                guard let source = image.source else { return }
                switch options.images {
                case .copy:
                    let isThere = FileStatus(image.target, followingLinks: false)?.kind == .file
                    if !isThere { try AtomicFile.copy(source, to: image.target) }
                case .link: try AtomicFile.link(links.destination(of: source, at: image.target), at: image.target)
                case .none: break
                }
            }
        }
        for result in results { try result.get() }
    }

    private func makeFolders(of files: [String]) throws(ConversionError) {
        for path in Set(files.map { $0.parentFolder }).sorted() {
            try AtomicFile.makeFolder(path)
        }
    }
}

/// How links to images are written: relative if the images are in the data set's folder or beside it, so that both can be
/// moved together; absolute otherwise.
private struct LinkStyle: Sendable {
    /// The folder that holds the data set's, without links.
    private let surroundings: String

    init(folder: String) {
        let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        surroundings = real.parentFolder
    }

    func destination(of source: String, at link: String) -> String {
        let source = URL(fileURLWithPath: source).resolvingSymlinksInPath().path
        let folder = URL(fileURLWithPath: link.parentFolder).resolvingSymlinksInPath().path
        guard surroundings != "/", source.hasPrefix(surroundings + "/"), folder.hasPrefix(surroundings + "/") else { return source }
        let from = folder.pathParts, to = source.pathParts
        let shared = zip(from, to).prefix { $0 == $1 }.count
        return (from.dropFirst(shared).map { _ in ".." } + to.dropFirst(shared)).joined(separator: "/")
    }
}

// MARK: - YAML and lists

/// A text to be written.
private struct TextFile {
    let path: String
    let text: String
    /// Whether the text holds all that the file holds that is there.
    var isExtended = false
    /// Whether it is a YAML that names the training images for validation.
    var lacksValidation = false

    var replacesSomething: Bool {
        FileStatus(path, followingLinks: false) != nil && FileManager.default.contents(atPath: path) != Data(text.utf8)
    }
}

extension DatasetWriter {
    /// The images of splits that have no folder of their own.
    private var lists: [TextFile] {
        listedSplits.sorted().map { place in
            let lines = images.filter { $0.split == place }.map { "./" + String(decoding: $0.target.utf8.dropFirst(folder.utf8.count + 1), as: UTF8.self) + "\n" }
            return TextFile(path: "\(folder)/\(entry(place))", text: lines.sorted().joined())
        }
    }

    /// What the YAML calls a split.
    private func entry(_ place: Int) -> String {
        let name = dataset.splits[place].folder
        return listedSplits.contains(place) ? "\(name).txt" : "images/\(name)"
    }

    /// The data set's YAML. One that an earlier conversion of other splits wrote is extended.
    private var yaml: TextFile {
        let path = "\(folder)/\(folder.lastPart).yaml"
        var entries = SplitEntries()
        if dataset.needsSplitting {
            entries.add("images/\(Autosplit.fileName(.train))", [.train])
            entries.add("images/\(Autosplit.fileName(.val))", [.val])
        } else {
            for (place, split) in dataset.splits.enumerated() { entries.add(entry(place), split.roles) }
        }
        let there = FileManager.default.contents(atPath: path).flatMap {
            DatasetYAML(String(decoding: $0, as: UTF8.self), title: title)
        }
        let isExtended = there?.names == dataset.names
        if let there, isExtended { entries.add(there) }
        return TextFile(
            path: path, text: entries.yaml(title, dataset.names).text, isExtended: isExtended, lacksValidation: entries.lacksValidation)
    }
}

/// Folders and lists of a YAML by their roles.
private struct SplitEntries {
    private var entries: [AnnotatedSplit.Role: [String]] = [:]

    mutating func add(_ entry: String, _ roles: [AnnotatedSplit.Role]) {
        for role in roles where entries[role]?.contains(entry) != true { entries[role, default: []].append(entry) }
    }

    /// What an earlier YAML has. Where it names the same for training and validation, one of them was missing: then the names
    /// tell.
    mutating func add(_ yaml: DatasetYAML) {
        if yaml.train == yaml.validation {
            for entry in yaml.train where !entries.values.joined().contains(entry) {
                add(entry, AnnotatedSplit.roles(ofName: entry.lastPart))
            }
        } else {
            for entry in yaml.train { add(entry, [.train]) }
            for entry in yaml.validation { add(entry, [.val]) }
        }
        for entry in yaml.test { add(entry, [.test]) }
    }

    var lacksValidation: Bool { entries[.val] == nil }

    /// Training and validation stand in for one another where one is missing; sorted.
    func yaml(_ title: String, _ names: [String]) -> DatasetYAML {
        let sorted = entries.mapValues { $0.sorted() }
        let train = sorted[.train] ?? sorted[.val] ?? sorted[.test] ?? []
        return DatasetYAML(title: title, train: train, validation: sorted[.val] ?? train, test: sorted[.test] ?? [], names: names)
    }
}
