import Foundation
import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

/// Weights that any implementation can make, so that a whole network can be compared without a weight file.
enum WeightFormula {
    /// In -1..<1, from the number of a tensor in the state and the number of an element in it.
    static func unit(_ tensor: UInt64, _ element: UInt64) -> Double {
        var z = (((tensor &+ 1) << 32) &+ element) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z = z ^ (z >> 31)
        return Double(z >> 11) * 0x1p-52 - 1
    }

    /// Fills a network, tensor after tensor in the order of its state; anchors stay as they are.
    static func fill(_ network: some StateHolder, gain: Double) throws {
        for (k, entry) in network.stateEntries().enumerated() {
            let name = entry.name.split(separator: ".").last.map(String.init) ?? entry.name
            if name == "anchors" || name == "num_batches_tracked" { continue }
            let tensor = entry.tensor
            let shape = tensor.shape
            let count = shape.reduce(1, *)
            let scale = shape.count >= 2 ? gain / Double(count / shape[0]).squareRoot() : 0
            let values: [Float] = (0..<count).map { j in
                let s = unit(UInt64(k), UInt64(j))
                if shape.count >= 2 { return Float(scale * s) }
                return switch name {
                case "weight": Float(1 + 0.1 * s)
                case "running_var": Float(1 + 0.5 * s * s)
                default: Float(0.1 * s)
                }
            }
            try withoutGradients { () throws(TorchError) in
                try tensor.copy(from: Tensor(values, shape: shape))
            }
        }
    }

    /// `[1, 3, size, size]`
    static func image(size: Int) throws -> Tensor {
        let values = (0..<3 * size * size).map { Float(0.5 + 0.5 * sin(0.013 * Double($0))) }
        return try Tensor(values, shape: [1, 3, size, size])
    }
}

/// Compares elements of a flattened tensor with a golden checksum object, and its mean.
func expectClose(
    _ values: [Float], _ checksum: JSON, tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(values.count == checksum["numel"].int, sourceLocation: sourceLocation)
    guard values.count == checksum["numel"].int else { return }
    let pairs = zip(checksum["index"].ints, checksum["value"].doubles)
    let worst = pairs.map { abs(Double(values[$0]) - $1) }.max() ?? .infinity
    #expect(worst <= tolerance, sourceLocation: sourceLocation)
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    #expect(abs(mean - checksum["mean"].double) <= tolerance, sourceLocation: sourceLocation)
}

/// Compares all elements.
func expectClose(
    _ values: [Float], _ expected: [Float], absolute: Float, relative: Float = 0,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    guard values.count == expected.count else { return }
    let worst = zip(values, expected).map { abs($0 - $1) - relative * abs($1) }.max() ?? 0
    #expect(worst <= absolute, sourceLocation: sourceLocation)
    #expect(!values.contains { !$0.isFinite }, sourceLocation: sourceLocation)
}
