import Foundation
import PyTorchFile
import Torch
import YOLOModel

extension Learner {
    /// Everything that the batches have changed, besides the counts in `state`; tensors are copied.
    /// - Parameters:
    ///   - losses: of the epoch at hand.
    ///   - options: its hyperparameters are kept on the models, as Python does.
    ///   - record: the options as `OptionsFile.record`.
    func checkpoint(
        _ state: TrainingState, _ losses: RunningLosses, _ hyperparameters: Hyperparameters, options record: PickleValue
    ) throws -> Checkpoint {
        var entries = state.savedEntries
        if scaler.isEnabled {
            let scaling = try scaler.state()
            entries += [("loss_scale", .double(scaling.scale)), ("steps_at_loss_scale", .int(scaling.stepsUnchanged))]
        }
        if state.batch > 0 { entries += [("losses", try losses.record()), ("gradients", try pendingGradients())] }
        return try Checkpoint(
            model: model, average: ema, epoch: state.epoch - 1, bestFitness: state.bestFitness,
            optimizer: OptimizerRecord(
                optimizer, learningRate: hyperparameters.initialLearningRate * schedule.factor(epoch: state.epoch),
                initialLearningRate: hyperparameters.initialLearningRate),
            hyperparameters: hyperparameters.record, options: record,
            trainingState: .dictionary(PickleDictionary(entries)), date: Self.now)
    }

    /// What the batches since the latest weight update have added up, by parameter, as gradients of the loss itself.
    private func pendingGradients() throws(TorchError) -> PickleValue {
        let scale = try lossScale
        var gradients: [(String, PickleValue)] = []
        for group in optimizer.groups {
            for (name, parameter) in zip(group.names, group.parameters) {
                guard let gradient = try parameter.gradient() else { continue }
                gradients.append((name, .tensor(try TensorValue(scale == 1 ? gradient : gradient / scale))))
            }
        }
        return .dictionary(PickleDictionary(gradients))
    }

    /// What losses are multiplied by; a power of two.
    private var lossScale: Double { get throws(TorchError) { scaler.isEnabled ? try scaler.state().scale : 1 } }

    /// Goes on from a checkpoint whose current weights the model has already.
    /// - Throws: `TrainingError.cannotResume`, or `ModelError` with what does not fit.
    func restore(_ checkpoint: Checkpoint) throws {
        guard let optimizerRecord = checkpoint.optimizer, let average = checkpoint.averaged else {
            throw TrainingError.cannotResume(
                path: checkpoint.path, reason: "it holds no optimizer state or no averaged weights")
        }
        if optimizerRecord.memory.isEmpty, !checkpoint.trainingState.isNone {
            try optimizer.restore([:])  // of this program, before the first step
        } else {
            try optimizerRecord.restore(optimizer, from: checkpoint.path)
        }
        try ema.restore(average.state, updateCount: checkpoint.averageUpdates ?? 0, from: checkpoint.path)
        let saved = checkpoint.trainingState
        if scaler.isEnabled, let scale = saved["loss_scale"]?.double, let steps = saved["steps_at_loss_scale"]?.int {
            try scaler.restore(scale: scale, stepsUnchanged: steps)
        }
        try optimizer.clearGradients()
        guard let gradients = saved["gradients"] else { return }
        let scale = try lossScale
        for group in optimizer.groups {
            for (name, parameter) in zip(group.names, group.parameters) {
                guard let gradient = gradients[name]?.tensor else { continue }
                guard gradient.shape == parameter.shape else {
                    throw TrainingError.cannotResume(
                        path: checkpoint.path, reason: "its gradient of '\(name)' has shape \(gradient.shape), not \(parameter.shape)")
                }
                // In the parameter's own layout, which libtorch expects of what it adds to.
                let place = try parameter.detached().cloned()
                try place.copy(from: Tensor(gradient))
                if scale != 1 { try place.multiply(by: scale) }
                try parameter.setGradient(place)
            }
        }
    }

    /// Goes back to a checkpoint of this training, weights included.
    func goBack(to checkpoint: Checkpoint) throws {
        try model.load(checkpoint.weights(preferringCurrent: true), from: checkpoint.path)
        try restore(checkpoint)
    }

    /// Whether every weight and statistic, and every average of them, is a finite number.
    func isFinite() throws(TorchError) -> Bool {
        let tensors = (model.stateEntries() + ema.model.stateEntries()).map(\.tensor).filter(\.scalarType.isFloatingPoint)
        var sums: [Tensor] = []
        for tensor in tensors { sums.append(try tensor.detached().to(.float32).abs().max()) }
        return try stacked(sums, axis: 0).array(of: Float.self).allSatisfy(\.isFinite)
    }

    /// Local time as Python's `datetime.isoformat()` has it.
    private static var now: String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
        return format.string(from: Date())
    }
}
