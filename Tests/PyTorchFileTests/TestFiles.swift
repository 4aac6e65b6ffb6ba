import Foundation
import Glibc
import Testing

@testable import PyTorchFile

/// A folder that goes away with the test, and files made in it.
final class TestFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pytorch-file-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }

    /// Writes raw bytes as a file and reads it as a checkpoint.
    func open(_ bytes: [UInt8], name: String = "x.pt") throws -> PyTorchFile {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return try PyTorchFile(path: path(name))
    }

    /// Reads a checkpoint with this pickle and these storages.
    func open(pickle: [UInt8], storages: [String: [UInt8]] = [:]) throws -> PyTorchFile {
        let path = path("x.pt")
        let file = try AtomicFile(replacing: path)
        var archive = ZipWriter(file)
        try archive.add("archive/data.pkl", pickle)
        for (key, bytes) in storages.sorted(by: { $0.key < $1.key }) { try archive.add("archive/data/\(key)", bytes) }
        try archive.finish()
        try file.commit()
        return try PyTorchFile(path: path)
    }
}

/// Assembles pickles by hand: `Pickle.global("os", "system") + Pickle.string("ls") + [0x85] + [0x52] + [0x2E]`.
enum Pickle {
    static let header: [UInt8] = [0x80, 2]
    static let emptyTuple: [UInt8] = [0x29]
    static let emptyList: [UInt8] = [0x5D]
    static let emptyDict: [UInt8] = [0x7D]
    static let mark: [UInt8] = [0x28]
    static let append: [UInt8] = [0x61]
    static let setItem: [UInt8] = [0x73]
    static let tuple: [UInt8] = [0x74]
    static let tuple1: [UInt8] = [0x85]
    static let tuple2: [UInt8] = [0x86]
    static let reduce: [UInt8] = [0x52]
    static let newObject: [UInt8] = [0x81]
    static let build: [UInt8] = [0x62]
    static let persistent: [UInt8] = [0x51]
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

    static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + "\(module)\n\(name)\n".utf8 }
    static func put(_ index: UInt8) -> [UInt8] { [0x71, index] }
    static func get(_ index: UInt8) -> [UInt8] { [0x68, index] }
    static func ints(_ values: [Int]) -> [UInt8] { mark + values.flatMap(int) + tuple }

    /// `("storage", torch.TYPE, key, "cpu", count)`
    static func storage(_ type: String = "FloatStorage", key: String = "0", count: Int) -> [UInt8] {
        mark + string("storage") + global("torch", type) + string(key) + string("cpu") + int(count) + tuple + persistent
    }

    static func tensor(_ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]) -> [UInt8] {
        global("torch._utils", "_rebuild_tensor_v2") + mark + storage + int(offset) + ints(shape) + ints(strides) + no
            + global("collections", "OrderedDict") + emptyTuple + reduce + tuple + reduce
    }
}

/// The message of the error that `body` throws.
func message(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}

extension TensorValue {
    static func floats(_ values: [Float], shape: [Int]) -> TensorValue {
        values.withUnsafeBytes { TensorValue(.float32, shape: shape, copying: $0) }
    }
}

/// The same pseudo-random numbers in every run (splitmix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
