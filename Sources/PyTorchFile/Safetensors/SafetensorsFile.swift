/// A `.safetensors` file: tensors by name, without any program in it.
///
///     let file = try SafetensorsFile(path: "yolov5n.safetensors")
///     file.tensors["model.0.conv.weight"]?.withBytes { bytes in … }
///     file.metadata["format"]                              // "pt" in files that Python wrote
///
/// Tensors stay in the file, which is mapped into memory, until their bytes are asked for; values keep the mapping alive.
///
/// Source: the format's description in the README of huggingface/safetensors. Eight bytes hold the length of a JSON
/// header, the header holds type, shape and place of each tensor, and the rest of the file is their row-major data.
public struct SafetensorsFile: Sendable {
    /// The path it was read from.
    public let path: String
    /// In the order of the header.
    public let tensors: StateDictionary
    /// What the writer noted beside the tensors (`__metadata__`).
    public let metadata: [String: String]

    /// Opens and describes the file at `path`; takes milliseconds, whatever the size of its tensors.
    public init(path: String) throws(PyTorchFileError) {
        try self.init(MappedFile(path: path), path: path)
    }

    /// Reads a file that is in memory, from a copy of its bytes.
    /// - Parameter name: what to call it in errors, in place of a path.
    package init(bytes: UnsafeRawBufferPointer, name: String) throws(PyTorchFileError) {
        try self.init(MappedFile(copying: bytes), path: name)
    }

    private init(_ file: MappedFile, path: String) throws(PyTorchFileError) {
        self.path = path
        var entries: [StateDictionary.Entry] = []
        do throws(Defect) {
            let place = try Self.findHeader(in: file.bytes)
            let header = try SafetensorsHeader(reading: UnsafeRawBufferPointer(rebasing: file.bytes[place]))
            try header.checkData(count: file.bytes.count - place.upperBound)
            metadata = header.metadata
            for entry in header.entries {
                let start = place.upperBound + entry.data.lowerBound
                let storage = TensorStorage(file, start..<start + entry.data.count)
                entries.append((entry.name, TensorValue(entry.dtype, shape: entry.shape, storage: storage)))
            }
        } catch {
            guard case .foreign(let reason) = error else { throw error.located(in: path) }
            throw .notSafetensors(path: path, reason: reason)
        }
        tensors = try StateDictionary(entries, named: path)
        withExtendedLifetime(file) {}
    }

    /// Where the JSON lies, as far as the first bytes tell.
    private static func findHeader(in file: UnsafeRawBufferPointer) throws(Defect) -> Range<Int> {
        if file.isEmpty { throw .foreign("the file is empty") }
        if file.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw .foreign("it is a zip archive, as PyTorch's checkpoints are; give it the extension .pt")
        }
        var reader = ByteReader(file, subject: "the file")
        let count = try reader.read(UInt64.self)
        guard count <= Limits.safetensorsHeaderBytes, !reader.isAtEnd, file[reader.position] == UInt8(ascii: "{") else {
            throw .foreign("it does not begin with the length of a header and the header")
        }
        return try reader.take(Int(count))
    }
}
