/// A checkpoint that PyTorch wrote with `torch.save`: a zip archive of a pickle and the bytes of each tensor.
///
///     let file = try PyTorchFile(path: "yolov5n.pt")
///     let model = file.root["model"]                       // a tree of plain values
///     let weights = try StateDictionary(model, named: "model")
///     weights["model.0.conv.weight"]?.withBytes { bytes in … }
///
/// Nothing in the file is executed: Python's classes and functions are names here (see `PythonObject`). Tensors stay in
/// the file, which is mapped into memory, until their bytes are asked for; values keep the mapping alive.
public struct PyTorchFile: Sendable {
    /// The path it was read from.
    public let path: String
    /// What was given to `torch.save`.
    public let root: PickleValue
    /// The classes, functions and constants that the file names, sorted, as written ("models.yolo Model").
    package let globalNames: [String]

    private let file: MappedFile
    private let directory: ZipDirectory

    /// Opens and describes the checkpoint at `path`; takes milliseconds, whatever the size of its tensors.
    public init(path: String) throws(PyTorchFileError) {
        self.path = path
        file = try MappedFile(path: path)
        do throws(Defect) {
            directory = try ZipDirectory(file.bytes)
            (root, globalNames) = try Self.read(file, directory)
        } catch {
            throw error.located(in: path)
        }
    }

    /// Compares all bytes with the archive's checksums, which opening does for the pickle alone.
    ///
    /// Reads the whole file, at about two gigabytes a second when it is in memory.
    public func verify() throws(PyTorchFileError) {
        do throws(Defect) {
            for entry in directory.entries { try Self.verify(entry, in: file) }
        } catch {
            throw error.located(in: path)
        }
    }

    // MARK: Reading

    private static func read(
        _ file: MappedFile, _ directory: ZipDirectory
    ) throws(Defect) -> (PickleValue, globalNames: [String]) {
        let (prefix, pickle) = try findPickle(in: directory)
        guard directory[prefix + "constants.pkl"] == nil else {
            throw .unsupported("it is a TorchScript program; a checkpoint (torch.save) is needed")
        }
        if let order = directory[prefix + "byteorder"], file.bytes.text(in: order.data) != "little" {
            throw .unsupported("its numbers are not little-endian")
        }
        try verify(pickle, in: file)
        let graph = try PickleMachine.run(UnsafeRawBufferPointer(rebasing: file.bytes[pickle.data]))

        var storages: [String: TensorStorage] = [:]
        let root = try ValueBuilder.value(of: graph) { (key, byteCount) throws(Defect) in
            if let known = storages[key], known.byteCount == byteCount { return known }
            guard let entry = directory[prefix + "data/" + key] else {
                throw .malformed("the storage '\(key)' of a tensor is missing")
            }
            guard entry.data.count == byteCount else {
                throw .malformed("the storage '\(key)' has \(entry.data.count) bytes instead of \(byteCount)")
            }
            let storage = TensorStorage(file, entry.data)
            storages[key] = storage
            return storage
        }
        withExtendedLifetime(file) {}
        return (root, graph.globalNames)
    }

    /// `data.pkl` in the archive's one folder, whose name is free.
    private static func findPickle(
        in directory: ZipDirectory
    ) throws(Defect) -> (prefix: String, entry: ZipDirectory.Entry) {
        let name = "/data.pkl"
        let found = directory.entries.filter { entry in
            entry.name.hasSuffix(name) && !entry.name.dropLast(name.count).contains("/")
        }
        guard let entry = found.first else { throw .foreign("it is a zip archive without data.pkl") }
        guard found.count == 1 else { throw .malformed("the archive holds \(found.count) pickles") }
        return (String(entry.name.dropLast(name.count - 1)), entry)
    }

    private static func verify(_ entry: ZipDirectory.Entry, in file: MappedFile) throws(Defect) {
        let checksum = CRC32.checksum(UnsafeRawBufferPointer(rebasing: file.bytes[entry.data]))
        guard checksum == entry.checksum else { throw .malformed("the checksum of '\(entry.name)' does not match") }
    }
}

extension PickleGraph {
    fileprivate var globalNames: [String] {
        var names: Set<String> = []
        for case .global(let module, let name) in nodes { names.insert("\(text(module)) \(text(name))") }
        return names.sorted()
    }
}
