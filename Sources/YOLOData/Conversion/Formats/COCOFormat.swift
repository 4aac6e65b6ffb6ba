import Detection
import Downloads
import Foundation

/// Annotations in COCO's form: COCO itself, LVIS, Objects365, and what most tools export.
///
///     {"images": [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480}],
///      "categories": [{"id": 18, "name": "dog"}],
///      "annotations": [{"id": 7, "image_id": 1, "category_id": 18, "bbox": [left, top, width, height],
///                       "iscrowd": 0, "segmentation": [[x1, y1, x2, y2, …]]}]}
struct COCOFormat {
    let options: ConversionOptions
    /// Folder of the data set to write, whose images may be in their place already.
    let target: String

    func read(_ sources: [String]) throws(ConversionError) -> AnnotatedDataset {
        var files: [COCOFile] = []
        for source in sources {
            for path in try Self.files(of: source) { files.append(try COCOFile(path)) }
        }
        let classes = try CategoryTable(files, names: options.names)
        return AnnotatedDataset(names: classes.names, splits: files.map { split($0, classes) })
    }

    /// The annotation files of a source: itself, those of a folder, or those of its folder `annotations`. Where there are
    /// `instances_….json`, only those: beside them lie captions and key points.
    static func files(of source: String) throws(ConversionError) -> [String] {
        guard SourceFiles.isFolder(source) else {
            guard SourceFiles.exists(source) else {
                throw .notFound(source, tried: [source], hint: "give a JSON file, or the folder that has it")
            }
            return [source]
        }
        let subfolders = SourceFiles.names(in: source).map { source.appendingPart($0) }.filter(SourceFiles.isFolder)
        let exported = subfolders.map { $0.appendingPart(exportedName) }.filter(SourceFiles.exists)
        for files in [
            SourceFiles.files(in: source.appendingPart("annotations"), suffix: "json"),
            SourceFiles.files(in: source, suffix: "json"), exported,
        ] where !files.isEmpty {
            let instances = files.filter { $0.lastPart.hasPrefix("instances_") }
            return instances.isEmpty ? files : instances
        }
        throw .notFound(
            "annotations", tried: ["\(source)/annotations/*.json", "\(source)/*.json", "\(source)/*/\(exportedName)"],
            hint: "name the JSON file itself")
    }

    /// What exports with a folder for each split call their files.
    private static let exportedName = "_annotations.coco.json"

    /// The split that a file is of: `train2017` for `instances_train2017.json`.
    static func splitName(of path: String) -> String {
        if path.lastPart == exportedName { return SourceFiles.parent(absolute(path)).lastPart }
        var name = path.lastPart.withoutPathSuffix
        for prefix in ["instances_", "zhiyuan_objv2_"] where name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
        return name
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).path }

    private func split(_ file: COCOFile, _ classes: CategoryTable) -> AnnotatedSplit {
        let path = file.text.path
        let name = Self.splitName(of: path)
        var tally = file.tally
        var images: [AnnotatedImage] = []
        var places: [Int] = []
        for (place, image) in file.images.enumerated() {
            do throws(ImageName.Defect) {
                guard let fileName = image.fileName else { throw ImageName.Defect(reason: "it has no file_name") }
                images.append(
                    AnnotatedImage(name: try ImageName.checked(fileName), path: nil, width: image.width, height: image.height))
                places.append(place)
            } catch {
                tally.count(.unusableImage, "\(path): image \(image.id) (\(image.fileName ?? "")) left out: \(error.reason)")
            }
        }
        let folders = imageFolders(path, split: name)
        ImageFolder(bestOf: folders, names: images.map(\.name))?.locate(&images)
        let reader = COCOObjects(file: file, classes: classes, options: options)
        return AnnotatedSplit(
            folder: name, roles: AnnotatedSplit.roles(ofName: name), source: path, images: images,
            imageFolders: folders, tally: tally
        ) { [places] image in reader.objects(ofImage: places[image]) }
    }

    private func imageFolders(_ path: String, split: String) -> [String] {
        if let given = options.imageFolder { return ["\(given)/\(split)", given, "\(given)/images"] }
        let folder = SourceFiles.parent(path)
        let above = SourceFiles.parent(folder)
        var folders: [String] = []
        for base in [above, folder] {
            folders += ["images/\(split)", split, "images"].map { base.appendingPart($0) }
        }
        folders += [folder, above, "\(target)/images/\(split)"]
        return folders
    }
}

/// Class numbers by category: consecutive in the order of the ids, as ids have gaps.
struct CategoryTable: Sendable {
    /// By class number.
    let names: [String]
    private let classOfID: [AnnotationID: Int]
    private let known: Set<AnnotationID>

    /// - Parameter names: The classes wanted, by number; nil takes all categories.
    /// - Throws: `ConversionError` if one id has two names, or no category has a name that is wanted.
    init(_ files: [COCOFile], names wanted: [String]?) throws(ConversionError) {
        var nameOfID: [AnnotationID: String] = [:]
        for file in files {
            for category in file.categories {
                let known = nameOfID.updateValue(category.name, forKey: category.id)
                if let known, known != category.name {
                    throw .malformed(
                        file: file.text.path, line: nil,
                        problem: "category \(category.id) is '\(category.name)' here and '\(known)' before; "
                            + "convert files with other categories one by one, to folders of their own")
                }
            }
        }
        known = Set(nameOfID.keys)
        let sorted = nameOfID.sorted { $0.key < $1.key }
        guard let wanted else {
            names = sorted.map(\.value)
            classOfID = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($0.element.key, $0.offset) })
            return
        }
        let numbers = Dictionary(wanted.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        let classOfID = nameOfID.compactMapValues { numbers[$0] }
        guard !classOfID.isEmpty else {
            throw .option(
                "none of the classes \(wanted.prefix(5).joined(separator: ", ")) is a category of \(files.first?.text.path ?? ""); "
                    + "its categories are \(sorted.prefix(10).map(\.value).joined(separator: ", "))\(sorted.count > 10 ? ", …" : "")")
        }
        names = wanted
        self.classOfID = classOfID
    }

    enum Class {
        case number(Int), notWanted, unknown
    }

    subscript(id: AnnotationID) -> Class {
        if let number = classOfID[id] { return .number(number) }
        return known.contains(id) ? .notWanted : .unknown
    }
}
