/// Bounds that keep a hostile file from using more than a few hundred megabytes or overflowing the stack.
///
/// Real checkpoints stay far below: the pickle of yolov5n.pt takes 83 kB, in 34 000 instructions.
enum Limits {
    /// Bytes of `data.pkl`. Tensor data lies outside of it and is bounded by the file alone.
    static let pickleBytes = 64 << 20
    /// Values that a pickle may create, and slots of its memo.
    static let values = 1 << 20
    static let instructions = 4 << 20
    /// Bytes of a module's or a class's name in the pickle, and of a tensor's name in a state dictionary.
    static let nameBytes = 1 << 10
    /// Bytes of all names of classes and functions together; two strings can be a class's name again and again.
    static let globalBytes = 16 << 20
    /// Bytes that byte strings written as text (`_codecs.encode`) may take together; one text can be used many times.
    static let encodedBytes = 64 << 20
    /// Containers within containers. Values are released recursively, so this also bounds the stack of a release.
    static let nesting = 256
    /// Entries that a state dictionary may list; a module can be reached by several names.
    static let stateEntries = 1 << 16
    /// Modules that a walk may enter.
    static let modules = 1 << 18
    /// Parameters, buffers and children that a walk may look at, over and over where a module is shared.
    static let walkedEntries = 4 << 20
    static let dimensions = 64
    /// Tensors can overlap in a storage or repeat its elements (a stride of zero), so that a small file describes more
    /// than any memory holds. All of them together may take this many times their storages, and these bytes more.
    static let tensorsPerStorage = 8
    static let expandedTensorBytes = 64 << 20
    static func tensorBytes(storageBytes: Int) -> Int { tensorsPerStorage * storageBytes + expandedTensorBytes }
    static let archiveEntries = 1 << 18
    /// As in the format's own library.
    static let safetensorsHeaderBytes = 100_000_000
    /// Bytes of keys that dictionaries may hash in all; one string can be the key of many.
    static let hashedBytes = 64 << 20
}
