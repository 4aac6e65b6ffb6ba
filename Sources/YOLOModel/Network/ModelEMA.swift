import Foundation
public import PyTorchFile
public import Torch

/// An exponential moving average of a model's weights and statistics: what is validated and saved as the best.
///
/// Only floating-point tensors move; the count of batches that a normalization has seen stays as it was.
/// - Source: YOLOv5 v6.2, `utils/torch_utils.py`, `ModelEMA`.
public struct ModelEMA {
    /// Its tensors do not learn.
    public let model: DetectionModel
    /// How often it has been updated.
    public private(set) var updateCount: Int
    private let decay: Double
    private let rampLength: Double

    /// Starts from a copy of the model's weights as they are now.
    /// - Parameters:
    ///   - decay: the share of the average that an update keeps, in the long run.
    ///   - rampLength: updates after which 63 % of that is reached; early on the average follows closely (`tau`).
    ///   - updateCount: for a training that goes on.
    public init(
        of model: DetectionModel, decay: Double = 0.9999, rampLength: Double = 2000, updateCount: Int = 0
    ) throws(ModelError) {
        self.model = try model.copied()
        self.decay = decay
        self.rampLength = rampLength
        self.updateCount = updateCount
    }

    /// Goes on with an average that was saved.
    /// - Parameters:
    ///   - updateCount: how often it had been updated.
    ///   - path: the file's name in errors.
    public mutating func restore(_ weights: StateDictionary, updateCount: Int, from path: String) throws(ModelError) {
        try model.load(weights, from: path)
        self.updateCount = updateCount
    }

    /// The share of the average that update number `update`, from 1, keeps.
    public func decay(at update: Int) -> Double { decay * (1 - exp(-Double(update) / rampLength)) }

    /// Moves the average towards the model; to be called after every step of the optimizer.
    public mutating func update(from source: DetectionModel) throws(TorchError) {
        updateCount += 1
        let pairs = zip(model.stateEntries(), source.stateEntries()).filter { $0.0.tensor.scalarType.isFloatingPoint }
        try withoutGradients { () throws(TorchError) in
            try decayAverages(
                pairs.map(\.0.tensor), towards: pairs.map(\.1.tensor), decay: decay(at: updateCount))
        }
    }
}
