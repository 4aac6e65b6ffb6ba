@testable import PyTorchFile

/// Assembles pickles by hand: `Pickle.global("os", "system") + Pickle.string("ls") + [0x85] + [0x52] + [0x2E]`.
enum Pickle {
    static let header: [UInt8] = [0x80, 2]
    static let emptyTuple: [UInt8] = [0x29]
    static let emptyList: [UInt8] = [0x5D]
    static let emptyDict: [UInt8] = [0x7D]
    static let mark: [UInt8] = [0x28]
    static let append: [UInt8] = [0x61]
    static let appends: [UInt8] = [0x65]
    static let setItem: [UInt8] = [0x73]
    static let setItems: [UInt8] = [0x75]
    static let tuple: [UInt8] = [0x74]
    static let tuple1: [UInt8] = [0x85]
    static let tuple2: [UInt8] = [0x86]
    static let tuple3: [UInt8] = [0x87]
    static let reduce: [UInt8] = [0x52]
    static let newObject: [UInt8] = [0x81]
    static let build: [UInt8] = [0x62]
    static let persistent: [UInt8] = [0x51]
    static let yes: [UInt8] = [0x88]
    static let no: [UInt8] = [0x89]
    static let none: [UInt8] = [0x4E]
    static let stop: [UInt8] = [0x2E]

    static func string(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = [0x58]
        bytes.put(UInt32(text.utf8.count))
        return bytes + text.utf8
    }

    static func int(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = [0x8A, 8]
        bytes.put(UInt64(bitPattern: Int64(value)))
        return bytes
    }

    /// `name(*arguments)`
    static func call(_ module: String, _ name: String, _ arguments: [UInt8]...) -> [UInt8] {
        global(module, name) + mark + arguments.flatMap { $0 } + tuple + reduce
    }

    static func list(_ elements: [UInt8]...) -> [UInt8] { emptyList + mark + elements.flatMap { $0 } + appends }

    /// A dictionary with strings as keys.
    static func dict(_ entries: (String, [UInt8])...) -> [UInt8] {
        emptyDict + mark + entries.flatMap { string($0.0) + $0.1 } + setItems
    }

    /// A byte string of protocol 3.
    static func bytes(_ data: [UInt8]) -> [UInt8] { [0x43, UInt8(data.count)] + data }

    static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + "\(module)\n\(name)\n".utf8 }
    static func put(_ index: UInt8) -> [UInt8] { [0x71, index] }
    static func get(_ index: UInt8) -> [UInt8] { [0x68, index] }
    static func ints(_ values: [Int]) -> [UInt8] { mark + values.flatMap(int) + tuple }

    /// `("storage", torch.TYPE, key, "cpu", count)`
    static func storage(_ type: String = "FloatStorage", key: String = "0", count: Int) -> [UInt8] {
        mark + string("storage") + global("torch", type) + string(key) + string("cpu") + int(count) + tuple + persistent
    }

    /// The sixteen bytes of the storage "0".
    static let untypedStorage =
        mark + string("storage") + global("torch.storage", "UntypedStorage") + string("0") + string("cpu") + int(16) + tuple
        + persistent

    static let noHooks = global("collections", "OrderedDict") + emptyTuple + reduce

    static func tensor(_ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]) -> [UInt8] {
        global("torch._utils", "_rebuild_tensor_v2") + mark + storage + int(offset) + ints(shape) + ints(strides) + no
            + noHooks + tuple + reduce
    }

    /// `numpy.dtype(code, False, True)` with its state; `order` is "<", ">" or "|".
    static func numPyType(_ code: String, order: String = "<") -> [UInt8] {
        call("numpy", "dtype", string(code), no, yes)
            + mark + int(3) + string(order) + none + none + none + int(-1) + int(-1) + int(0) + tuple + build
    }

    /// A pickled `torch.nn.Module`.
    static func module(parameters: [UInt8] = emptyDict, buffers: [UInt8] = emptyDict, modules: [UInt8] = emptyDict) -> [UInt8] {
        global("models.yolo", "Model") + emptyTuple + newObject
            + dict(("_parameters", parameters), ("_buffers", buffers), ("_modules", modules)) + build
    }
}
