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
        try self.init(MappedFile(path: path), path: path)
    }

    /// Reads a checkpoint that is in memory, from a copy of its bytes.
    /// - Parameters:
    ///   - name: what to call it in errors, in place of a path.
    ///   - verifiesPickle: `false` accepts a pickle whose checksum does not match, as a fuzzer needs it.
    package init(
        bytes: UnsafeRawBufferPointer, name: String, verifiesPickle: Bool = true
    ) throws(PyTorchFileError) {
        try self.init(MappedFile(copying: bytes), path: name, verifiesPickle: verifiesPickle)
    }

    private init(_ file: MappedFile, path: String, verifiesPickle: Bool = true) throws(PyTorchFileError) {
        self.path = path
        self.file = file
        do throws(Defect) {
            directory = try ZipDirectory(file.bytes)
            (root, globalNames) = try Self.read(file, directory, verifiesPickle: verifiesPickle)
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
        _ file: MappedFile, _ directory: ZipDirectory, verifiesPickle: Bool
    ) throws(Defect) -> (PickleValue, globalNames: [String]) {
        let (prefix, pickle) = try findPickle(in: directory)
        guard directory[prefix + "constants.pkl"] == nil else {
            throw .unsupported("it is a TorchScript program; a checkpoint (torch.save) is needed")
        }
        var storages = try StorageTable(file, directory, prefix: prefix)
        if verifiesPickle { try verify(pickle, in: file) }
        let graph = try PickleMachine.run(UnsafeRawBufferPointer(rebasing: file.bytes[pickle.data]))

        let root = try ValueBuilder.value(of: graph) { (key, byteCount, elementSize) throws(Defect) in
            try storages.storage(key, byteCount: byteCount, elementSize: elementSize)
        }
        withExtendedLifetime(file) {}
        return (root, graph.globalNames)
    }

    /// `data.pkl` in the archive's one folder, whose name is free.
    private static func findPickle(
        in directory: ZipDirectory
    ) throws(Defect) -> (prefix: String, entry: ZipDirectory.Entry) {
        let name = Array("/data.pkl".utf8)
        let found = directory.entries.filter { entry in
            let path = entry.name.utf8
            return path.suffix(name.count).elementsEqual(name) && !path.dropLast(name.count).contains(name[0])
        }
        guard let entry = found.first else { throw .foreign("it is a zip archive without data.pkl") }
        guard found.count == 1 else { throw .malformed("the archive holds \(found.count) pickles") }
        return (String(decoding: entry.name.utf8.dropLast(name.count - 1), as: UTF8.self), entry)
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
