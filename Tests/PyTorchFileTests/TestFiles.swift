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
