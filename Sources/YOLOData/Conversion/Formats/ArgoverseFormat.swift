import Detection
import Downloads

/// Annotations of Argoverse-HD: COCO's form, with images in folders of sequences: `Argoverse-HD/annotations/train.json` beside
/// `Argoverse-1.1/tracking` (or `images`, as the reference renames it).
struct ArgoverseFormat {
    let options: ConversionOptions
    /// Of every image of its camera.
    private static let width = 1920.0, height = 1200.0
    /// Used where a file has no categories of its own.
    private static let names = ["person", "bicycle", "car", "motorcycle", "bus", "truck", "traffic_light", "stop_sign"]

    func read(_ sources: [String]) throws(ConversionError) -> AnnotatedDataset {
        var files: [COCOFile] = []
        for source in sources {
            for path in try Self.files(of: source) {
                var file = try COCOFile(path)
                file.nameCategories(Self.names)
                files.append(file)
            }
        }
        let classes = try CategoryTable(files, names: nil)
        return AnnotatedDataset(names: classes.names, splits: files.map { split($0, classes) })
    }

    private static func files(of source: String) throws(ConversionError) -> [String] {
        guard SourceFiles.isFolder(source) else { return [source] }
        for folder in ["Argoverse-HD/annotations", "annotations", "."] {
            let path = folder == "." ? source : source.appendingPart(folder)
            let files = SourceFiles.files(in: path, suffix: "json").filter { ["train", "val"].contains($0.lastPart.withoutPathSuffix) }
            if !files.isEmpty { return files }
        }
        throw .notFound(
            "annotations", tried: ["\(source)/Argoverse-HD/annotations", "\(source)/annotations", source],
            hint: "give the folder that has Argoverse-HD and Argoverse-1.1")
    }

    private func split(_ file: COCOFile, _ classes: CategoryTable) -> AnnotatedSplit {
        let path = file.text.path
        let name = path.lastPart.withoutPathSuffix
        var tally = file.tally
        var images: [AnnotatedImage] = []
        var places: [Int] = []
        for (place, image) in file.images.enumerated() {
            do throws(ImageName.Defect) {
                images.append(
                    AnnotatedImage(
                        name: try imageName(image, file.sequences, split: name), path: nil, width: image.width ?? Self.width,
                        height: image.height ?? Self.height))
                places.append(place)
            } catch {
                tally.count(.unusableImage, "\(path): image \(image.id) (\(image.fileName ?? "")) left out: \(error.reason)")
            }
        }
        let folders = imageFolders(path, split: name)
        for candidate in folders {
            let folder = ImageFolder(candidate)
            guard images.prefix(20).contains(where: { folder.find($0.name)?.name == $0.name }) else { continue }
            folder.locate(&images)
            break
        }
        let reader = COCOObjects(file: file, classes: classes, options: options)
        return AnnotatedSplit(
            folder: name, roles: AnnotatedSplit.roles(ofName: name), source: path, images: images, imageFolders: folders,
            tally: tally
        ) { [places] image in reader.objects(ofImage: places[image]) }
    }

    /// The path below the split: folder of the sequence and name, without the split that the folder may begin with.
    private func imageName(
        _ image: COCOFile.Image, _ sequences: [String], split: String
    ) throws(ImageName.Defect) -> String {
        guard let fileName = image.fileName else { throw ImageName.Defect(reason: "it has no name") }
        guard let sequence = image.sequence else { return try ImageName.checked(fileName) }
        guard sequences.indices.contains(sequence) else {
            throw ImageName.Defect(reason: "its sequence \(sequence) is none of the \(sequences.count) in 'seq_dirs'")
        }
        let name = try ImageName.checked("\(sequences[sequence])/\(fileName)")
        return name.hasPrefix(split + "/") ? String(name.dropFirst(split.count + 1)) : name
    }

    private func imageFolders(_ path: String, split: String) -> [String] {
        let annotations = SourceFiles.parent(path)
        let root = SourceFiles.parent(SourceFiles.parent(annotations))
        let given = options.imageFolder.map { [$0] }
        let roots = given ?? ["Argoverse-1.1/images", "Argoverse-1.1/tracking"].map { root.appendingPart($0) }
        return roots.flatMap { [$0.appendingPart(split), $0] }
    }
}

extension COCOFile {
    /// Categories 0, 1, … with these names, if the file has none.
    fileprivate mutating func nameCategories(_ names: [String]) {
        guard categories.isEmpty else { return }
        setCategories(names.enumerated().map { Category(id: .number($0.offset), name: $0.element) })
    }
}
