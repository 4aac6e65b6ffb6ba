import Foundation
public import Torch

/// The parameters of a network, a line each, with the mean and the standard deviation of their numbers.
/// - Source: YOLOv5 v6.2, `utils/torch_utils.py`, `model_info(verbose=True)`.
public struct ParameterTable: CustomStringConvertible {
    private let lines: [String]

    public init(_ model: DetectionModel) throws(TorchError) {
        var lines = [Self.line("layer", "name", "gradient", "parameters", "shape", "mu", "sigma")]
        let parameters = model.stateEntries().filter { $0.role == .parameter }
        for (index, entry) in parameters.enumerated() {
            let tensor = try entry.tensor.detached().to(.cpu).to(.float32)
            let mean = try tensor.mean().item()
            // One less than the count, as PyTorch's `std` divides.
            let variance = try (tensor - mean).pow(2).sum().item() / Double(tensor.count - 1)
            lines.append(
                Self.line(
                    "\(index)", entry.name, entry.tensor.requiresGradient ? "True" : "False", "\(tensor.count)",
                    "\(tensor.shape)", String(format: "%.3g", mean), String(format: "%.3g", variance.squareRoot())))
        }
        self.lines = lines
    }

    public var description: String { lines.joined(separator: "\n") }

    private static func line(
        _ index: String, _ name: String, _ gradient: String, _ count: String, _ shape: String, _ mean: String,
        _ deviation: String
    ) -> String {
        index.leftPadded(to: 5) + name.leftPadded(to: 41) + gradient.leftPadded(to: 10) + count.leftPadded(to: 13)
            + shape.leftPadded(to: 21) + mean.leftPadded(to: 11) + deviation.leftPadded(to: 11)
    }
}
