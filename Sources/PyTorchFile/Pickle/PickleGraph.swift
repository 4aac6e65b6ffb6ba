/// Position of a node in `PickleGraph.nodes`.
typealias NodeID = Int32

/// Position of a container's elements in `PickleGraph.contents`.
typealias ContentsID = Int32

/// What a pickle describes, before any name in it is given a meaning: nodes that refer to each other by number.
///
/// Nodes may be shared and may form circles. Numbers instead of references mean that no chain of nodes, however long, is
/// ever walked by a release.
struct PickleGraph {
    let nodes: [PickleNode]
    /// What lists, sets, dictionaries and objects hold. Kept apart from the nodes so that it grows in place, an element at a
    /// time, as pickles may.
    let contents: [[NodeID]]
    let root: NodeID
    /// The pickle; strings and byte strings are slices of it. Valid as long as the file is mapped.
    let bytes: UnsafeRawBufferPointer

    func text(_ slice: PickleSlice) -> String { bytes.text(in: slice.range) }
}

/// A part of the pickle, which is never larger than 4 GiB.
struct PickleSlice {
    private let start: UInt32
    private let count: UInt32

    init(_ range: Range<Int>) {
        start = UInt32(range.lowerBound)
        count = UInt32(range.count)
    }

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

enum PickleNode {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(PickleSlice)
    case bytes(PickleSlice)
    case list(ContentsID)
    case tuple([NodeID])
    case set(ContentsID)
    /// Key, value, key, value, …
    case dictionary(ContentsID)
    case global(module: PickleSlice, name: PickleSlice)
    indirect case instance(PickleInstance)
    /// Something outside of the pickle, named by a tuple: a tensor's storage.
    case persistent(NodeID)

    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a float"
        case .string: "a string"
        case .bytes: "bytes"
        case .list: "a list"
        case .tuple: "a tuple"
        case .set: "a set"
        case .dictionary: "a dictionary"
        case .global: "a class"
        case .instance: "an object"
        case .persistent: "a storage"
        }
    }
}

/// What REDUCE and NEWOBJ leave behind instead of calling anything.
struct PickleInstance {
    let type: NodeID
    let construction: PythonObject.Construction
    let arguments: NodeID
    var state: NodeID?
    var listItems: ContentsID?
    /// Key, value, key, value, …
    var dictionaryItems: ContentsID?
}
