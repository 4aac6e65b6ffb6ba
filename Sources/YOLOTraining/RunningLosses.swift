import Torch
import YOLOReporting

/// The mean of the loss items over an epoch, kept on the device.
///
/// Reading makes the device wait for everything that it was given, so it is done rarely.
struct RunningLosses {
    private var sum: Tensor?
    private var count = 0

    /// - Parameter items: `[3]`, box, objectness and classification loss of one batch, detached.
    mutating func add(_ items: Tensor) throws(TorchError) {
        sum = if let sum { try sum + items } else { items }
        count += 1
    }

    /// Zeros before the first batch.
    func mean() throws(TorchError) -> LossItems {
        guard let sum else { return LossItems(box: 0, objectness: 0, classification: 0) }
        let values = try sum.array(of: Float.self).map { Double($0) / Double(count) }
        return LossItems(box: values[0], objectness: values[1], classification: values[2])
    }
}

extension LossItems {
    var isFinite: Bool { box.isFinite && objectness.isFinite && classification.isFinite }
}
