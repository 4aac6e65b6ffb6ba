import Foundation

/// A tensor of a golden file: its shape, and its elements in row-major order.
public struct GoldenTensor: Sendable {
    public let dtype: String
    public let shape: [Int]
    let bytes: Data

    public var count: Int { shape.reduce(1, *) }

    /// The elements as `Float`, from F16, F32, F64 or any integer type.
    public var floats: [Float] { dtype == "F32" ? raw(Float.self) : doubles.map(Float.init) }

    public var doubles: [Double] {
        switch dtype {
        case "F16": raw(UInt16.self).map { Double(GoldenTensor.widened($0)) }
        case "F32": raw(Float.self).map(Double.init)
        case "F64": raw(Double.self)
        default: ints.map(Double.init)
        }
    }

    public var ints: [Int] {
        switch dtype {
        case "I32": raw(Int32.self).map(Int.init)
        case "I64": raw(Int64.self).map { Int($0) }
        case "U8", "BOOL": raw(UInt8.self).map(Int.init)
        default: preconditionFailure("\(dtype) does not hold integers")
        }
    }

    public var uint8: [UInt8] { raw(UInt8.self) }
    public var bools: [Bool] { raw(UInt8.self).map { $0 != 0 } }

    /// The elements of row `index` along the first axis, as `Float`.
    public func row(_ index: Int) -> [Float] {
        let width = shape.dropFirst().reduce(1, *)
        return Array(floats[index * width..<(index + 1) * width])
    }

    private func raw<Element>(_: Element.Type) -> [Element] {
        let count = bytes.count / MemoryLayout<Element>.stride
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            _ = bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }

    /// IEEE binary16 to binary32; written out because `Float16` is missing on some Linux hosts.
    private static func widened(_ half: UInt16) -> Float {
        let sign: Float = half & 0x8000 == 0 ? 1 : -1
        let exponent = Int(half >> 10 & 0x1F)
        let fraction = Float(half & 0x3FF)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }
}

/// Reader of the golden `.safetensors` files. These are our own files: a malformed one traps.
enum SafeTensors {
    static func read(_ url: URL) throws -> [String: GoldenTensor] {
        let data = try Data(contentsOf: url)
        let headerLength = (0..<8).reduce(0) { $0 | Int(data[$1]) << (8 * $1) }
        let header = try JSONSerialization.jsonObject(with: data.subdata(in: 8..<8 + headerLength))
        var tensors: [String: GoldenTensor] = [:]
        for (name, entry) in header as? [String: [String: Any]] ?? [:] where name != "__metadata__" {
            guard let dtype = entry["dtype"] as? String, let shape = entry["shape"] as? [Int],
                let offsets = entry["data_offsets"] as? [Int]
            else { preconditionFailure("\(url.lastPathComponent): malformed entry '\(name)'") }
            let start = 8 + headerLength
            tensors[name] = GoldenTensor(
                dtype: dtype, shape: shape, bytes: data.subdata(in: start + offsets[0]..<start + offsets[1]))
        }
        return tensors
    }
}
