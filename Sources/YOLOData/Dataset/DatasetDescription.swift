import Foundation

/// A data set YAML: where its images are and what its classes are called.
///
///     path: ../datasets/coco128      # optional; joined before the three below
///     train: images/train2017        # a folder, a .txt list of images, or a list of these
///     val: images/val2017
///     test:                          # optional
///     nc: 80                         # optional beside names
///     names: [person, bicycle, ...]  # or a map: 0: person, 1: bicycle, ...
///
/// Relative paths are looked for from the folder of the YAML, then from the working folder.
public struct DatasetDescription: Hashable, Sendable {
    /// The YAML that was read.
    public var file: String
    /// Folders and lists of the training images; they exist.
    public var train: [String]
    /// Folders and lists of the validation images; they exist.
    public var validation: [String]
    /// Folders and lists of the test images; empty where the YAML names none.
    public var test: [String]
    /// Names by class index.
    public var names: [String]

    public var classCount: Int { names.count }

    public init(file: String, train: [String], validation: [String], test: [String] = [], names: [String]) {
        self.file = file
        self.train = train
        self.validation = validation
        self.test = test
        self.names = names
    }

    /// Reads a data set YAML. A name that does not exist as given is also looked for in `data/`.
    ///
    /// - Throws: `DataError.notFound` with the paths tried; `DataError.description` with the line for what is wrong inside.
    public init(contentsOf path: String) throws(DataError) {
        let tried = path.hasPrefix("/") ? [path] : [path, "data/" + path]
        guard let file = tried.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw .notFound("data set \(path)", tried: tried, hint: "give the path of the data set's YAML to --data")
        }
        self = try Self.document(file).description()
    }

    /// The class names of a data set YAML, whose images need not be there.
    package static func classNames(inFile path: String) throws(DataError) -> [String] { try document(path).names() }

    private static func document(_ file: String) throws(DataError) -> DatasetDocument {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .fileAccess(path: file, reason: "cannot be read")
        }
        return try DatasetDocument(file: file, text: String(decoding: data, as: UTF8.self))
    }
}
