import Foundation
import Torch

/// Whether libtorch is the one that the program was built with, and computes.
struct LibtorchExamination {
    var builtWith = Runtime.version
    var loaded = Runtime.loadedVersion

    func checks() -> [MachineCheck] {
        guard loaded.isEmpty || Self.release(loaded) == Self.release(builtWith) else {
            return [
                .problem(
                    "libtorch", "\(loaded) is loaded\(place), but the program was built with \(builtWith)",
                    advice: "build it again: make clean, then make build")
            ]
        }
        if let failure = Device.cpu.productFailure {
            return [
                .problem("libtorch", "\(builtWith)\(place): \(failure)", advice: "install libtorch anew: delete .deps, then make build")
            ]
        }
        return [.ok("libtorch", "\(builtWith)\(place); computes a product of matrices")]
    }

    /// Without what a build adds: 2.13.0 of `2.13.0+cu130` and `2.13.0a0`.
    private static func release(_ version: String) -> Substring { version.prefix { $0 == "." || $0.isNumber } }

    private var place: String {
        // By a handle: FileManager takes the first part that the kernel hands out for the whole.
        let maps = try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd()
        let line = String(decoding: maps ?? Data(), as: UTF8.self).split(separator: "\n").first { $0.hasSuffix("/libtorch_cpu.so") }
        guard let line, let start = line.firstIndex(of: "/") else { return "" }
        return " (\(URL(fileURLWithPath: String(line[start...])).deletingLastPathComponent().path))"
    }
}

extension Device {
    /// Why the device computes no product of matrices, or a wrong one; nil where it is right.
    var productFailure: String? {
        let size = 64
        do {
            // Row r of the first has r everywhere, the second has ones: every element of row r is r times the size.
            let rows = try Tensor((0..<size * size).map { Float($0 / size) }, shape: [size, size], on: self)
            let product = try rows.matmul(Tensor.ones([size, size], on: self))
            let values = try product.array(of: Float.self)
            let isRight = values.indices.allSatisfy { values[$0] == Float($0 / size * size) }
            return isRight ? nil : "a product of matrices is wrong"
        } catch {
            return "\(error)".split(separator: "\n").first.map(String.init) ?? "it does not compute"
        }
    }
}
