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

    /// Makes one class of all, called as the only one there is or `item` (`--single-cls`).
    package mutating func mergeClasses() {
        if names.count != 1 { names = ["item"] }
    }

    /// Reads a data set YAML. A name that does not exist as given is also looked for in `data/`, and then among the built-in ones.
    ///
    /// - Throws: `DataError.notFound` with the paths tried; `DataError.description` with the line for what is wrong inside.
    public init(contentsOf path: String) throws(DataError) {
        self = try DatasetDocument(named: path).description()
    }

    /// The class names of a data set YAML, whose images need not be there.
    package static func classNames(inFile path: String) throws(DataError) -> [String] {
        try DatasetDocument(named: path).names()
    }

    /// The same, but gets data that is not there.
    ///
    /// - Parameter fetch: Is told the `path` of the data set, its class names, and the steps by which its data gets there.
    /// - Throws: Also what `fetch` throws.
    package init(
        contentsOf path: String, fetchingBy fetch: (_ root: String, _ names: [String], _ steps: DownloadSteps) throws -> Void
    ) throws {
        let document = try DatasetDocument(named: path)
        if document.lacksData, let steps = try document.downloadSteps() {
            try fetch(document.root, document.names(), steps)
        }
        self = try document.description()
    }

    /// Whether a name leads to a YAML.
    package static func exists(named name: String) -> Bool { (try? DatasetDocument.text(named: name)) != nil }
}
