import PyTorchFile
import Torch
import YOLOModel
import YOLOReporting

/// The mean of the loss items over an epoch, kept on the device.
///
/// Reading makes the device wait for everything that it was given, so it is done rarely.
struct RunningLosses {
    private var sum: Tensor?
    private var count = 0

    init() {}

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

    // MARK: In checkpoints

    /// Exactly what there is, to go on with in the middle of an epoch.
    func record() throws(TorchError) -> PickleValue {
        let values = try sum?.array(of: Float.self) ?? []
        return ["count": .int(count), "sum": .list(values.map { .double(Double($0)) })]
    }

    /// Goes on with what a checkpoint has of ``record()``; without that, with nothing.
    init(resuming checkpoint: Checkpoint, on device: Device) throws(TorchError) {
        let record = checkpoint.trainingState["losses"]
        let values = (record?["sum"]?.list ?? []).compactMap { $0.double.map(Float.init) }
        guard values.count == 3, let count = record?["count"]?.int, count > 0 else { return }
        sum = try Tensor(values, shape: [3]).to(device)
        self.count = count
    }
}
