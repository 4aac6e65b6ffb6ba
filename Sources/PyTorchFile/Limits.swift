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
    /// Bytes that byte strings written as text (`_codecs.encode`) may take together; one text can be used many times.
    static let encodedBytes = 64 << 20
    /// Containers within containers. Values are released recursively, so this also bounds the stack of a release.
    static let nesting = 256
    /// Entries that a state dictionary may list; a module can be reached by several names.
    static let stateEntries = 1 << 16
    /// Modules that a walk may enter.
    static let modules = 1 << 18
    static let dimensions = 64
    /// Bytes of a tensor that is larger than its storage because a stride is zero.
    static let expandedTensorBytes = 1 << 30
}
