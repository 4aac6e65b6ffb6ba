/// The storages of an archive by their keys; each is made once, so that tensors which share one go on sharing it.
struct StorageTable {
    private let file: MappedFile
    private let directory: ZipDirectory
    private let prefix: String
    private let order: ByteOrder
    private var storages: [Key: TensorStorage] = [:]

    private struct Key: Hashable {
        let name: String
        let elementSize: Int
    }

    /// - Parameter prefix: the archive's one folder, with its slash.
    init(_ file: MappedFile, _ directory: ZipDirectory, prefix: String) throws(Defect) {
        self.file = file
        self.directory = directory
        self.prefix = prefix
        order = try Self.order(in: file, directory[prefix + "byteorder"])
    }

    /// The storage `key`, which must have `byteCount` bytes.
    /// - Parameter elementSize: bytes of a number in it; `nil` where the storage does not tell.
    mutating func storage(_ key: String, byteCount: Int, elementSize: Int?) throws(Defect) -> TensorStorage {
        guard key.utf8.count <= Limits.nameBytes else {
            throw .malformed("the key of a storage is longer than \(Limits.nameBytes) bytes")
        }
        let identity = Key(name: key, elementSize: order == .big ? elementSize ?? 0 : 0)
        if let known = storages[identity], known.byteCount == byteCount { return known }
        guard let entry = directory[prefix + "data/" + key] else {
            throw .malformed("the storage '\(key)' of a tensor is missing")
        }
        guard entry.data.count == byteCount else {
            throw .malformed("the storage '\(key)' has \(entry.data.count) bytes instead of \(byteCount)")
        }
        let storage = try makeStorage(entry.data, elementSize: elementSize)
        storages[identity] = storage
        return storage
    }

    /// Foreign byte order costs a copy; the archive's entries do not overlap, so all copies together are bounded by the file.
    private func makeStorage(_ range: Range<Int>, elementSize: Int?) throws(Defect) -> TensorStorage {
        guard order == .big, elementSize != 1 else { return TensorStorage(file, range) }
        guard let elementSize else {
            throw .unsupported("its numbers are big-endian and it holds a storage that does not tell their size")
        }
        return TensorStorage(ByteOrder.swapped(UnsafeRawBufferPointer(rebasing: file.bytes[range]), elementSize: elementSize))
    }

    /// Files of PyTorch before 2.1 do not tell their byte order; they come from little-endian machines.
    private static func order(in file: MappedFile, _ entry: ZipDirectory.Entry?) throws(Defect) -> ByteOrder {
        guard let entry else { return .little }
        let word = file.bytes[entry.data]
        if word.elementsEqual("little".utf8) { return .little }
        if word.elementsEqual("big".utf8) { return .big }
        throw .unsupported("its byte order is neither 'little' nor 'big'")
    }
}
