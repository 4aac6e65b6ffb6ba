import Downloads
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
    /// Folders and lists of the test images, which need not be there; empty where the YAML names none.
    public var test: [String]
    /// Names by class index.
    public var names: [String]
    /// The folder that the YAML's `path` names, else the YAML's own; empty for the working folder.
    package var root = ""

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

    /// Reads what a user names: a YAML, or a .zip that holds one, which is unpacked beside it. Fetches nothing.
    ///
    /// - Throws: `DataError`, or `ArchiveError` for what is wrong with the archive.
    public init(named name: String) throws {
        guard DatasetArchive.isNamed(by: name) else {
            self = try DatasetDescription(contentsOf: name)
            return
        }
        do {
            self = try DatasetDescription(ofArchive: DatasetArchive.yaml(of: name, downloader: Downloader(.offline)))
        } catch DownloadError.offline(let url, let path) {
            throw DataError.notFound(url, tried: [path], hint: "'yolov5 train' and 'yolov5 val' fetch it")
        }
    }

    /// Reads the YAML of an archive that was unpacked: its entries are relative to its folder, whatever its `path` says.
    package init(ofArchive yaml: String) throws(DataError) {
        self = try DatasetDocument(named: yaml, ignoringPath: true).description()
    }

    /// Reads a data set YAML, but first gets data that is not there.
    ///
    /// - Parameters:
    ///   - splits: The entries whose images must be there.
    ///   - fetch: Is told the `path` of the data set, its class names, the steps by which its data gets there, and whether nothing
    ///     can be done without them; where they are only unfinished, they may be left.
    /// - Throws: Also what `fetch` throws.
    package init(
        contentsOf path: String, with splits: [String] = ["train", "val"],
        fetchingBy fetch: (_ root: String, _ names: [String], _ steps: DownloadSteps, _ isNeeded: Bool) throws -> Void
    ) throws {
        let document = try DatasetDocument(named: path)
        let isNeeded = document.lacksData(of: splits)
        // What `download:` says matters to nobody who has the data.
        let steps = isNeeded ? try document.downloadSteps() : try? document.downloadSteps()
        if let steps { try fetch(document.root, document.names(), steps, isNeeded) }
        self = try document.description()
    }

    /// The class names of a data set YAML, whose images need not be there.
    package static func classNames(inFile path: String) throws(DataError) -> [String] {
        try DatasetDocument(named: path).names()
    }

    /// Whether a name leads to a YAML.
    package static func exists(named name: String) -> Bool { (try? DatasetDocument.text(named: name)) != nil }
}
