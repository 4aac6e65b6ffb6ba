package import Detection
package import Torch
package import YOLOModel
package import YOLOReporting

/// What one batch does to the weights: rates, forward, backward and, when enough batches have come, a weight update.
///
/// Source: the body of the batch loop in the reference's `train.py`.
package final class Learner {
    package let model: DetectionModel
    package var ema: ModelEMA
    package let optimizer: any Optimizer
    private var criterion: DetectionLoss
    let schedule: Schedule
    private(set) var compute: ComputeDevice
    private(set) var scaler: GradientScaler
    private let warmsUpMomentum: Bool
    private let observers: Observers

    /// The joint norm of all gradients of one update is cut to this.
    private static let maximumGradientNorm = 10.0

    package init(
        _ model: DetectionModel, optimizer kind: TrainingOptions.OptimizerKind, criterion: DetectionLoss,
        groups: ParameterGroups, schedule: Schedule, on compute: ComputeDevice, observers: Observers
    ) throws {
        self.model = model
        self.criterion = criterion
        self.schedule = schedule
        self.compute = compute
        self.observers = observers
        ema = try ModelEMA(of: model)
        optimizer = kind.optimizer(groups)
        warmsUpMomentum = kind.warmsUpMomentum
        scaler = try GradientScaler(isEnabled: compute.precision == .float16, on: compute.device)
    }

    /// Computes in float32 from now on, whatever was asked for.
    func useFloat32() throws(TorchError) {
        compute = compute.inFloat32
        scaler = try GradientScaler(isEnabled: false, on: compute.device)
    }

    /// Learning rates of a batch by parameter group: biases, decayed weights, norm weights.
    func learningRates(at iteration: Int) -> [Double] {
        let rates = schedule.rates(iteration: max(iteration, 0))
        return [rates.biasLearningRate, rates.learningRate, rates.learningRate]
    }

    /// Drops what batches since the latest update have added up: an epoch starts with no gradients, as in the reference.
    func beginEpoch() throws(TorchError) { try optimizer.clearGradients() }

    /// Learns from one batch.
    /// - Parameters:
    ///   - images: `[N, 3, H, W]`, 0...1.
    ///   - targets: the objects of these images.
    ///   - gain: what the loss counts for: samples a picture, where one can stand for four (`--quad`).
    ///   - position: for observers.
    /// - Returns: box, objectness and classification loss, `[3]`, on the device, without gradient.
    package func learn(
        from images: Tensor, _ targets: [GroundTruth], gain: Double = 1, at position: BatchPosition,
        _ state: inout TrainingState
    ) throws(TorchError) -> Tensor {
        let rates = schedule.rates(iteration: state.iteration)
        optimizer.apply(rates, warmsUpMomentum: warmsUpMomentum)

        let loss = try withAutocast(compute.precision, on: compute.device) { () throws(TorchError) in
            try criterion(model(images, .training).levels, targets)
        }
        try scaler.scaled(gain == 1 ? loss.total : loss.total * gain).backward()

        if state.iteration - state.lastUpdate >= rates.accumulation {
            try updateWeights(at: position)
            state.lastUpdate = state.iteration
        }
        state.iteration += 1
        return loss.items
    }

    private func updateWeights(at position: BatchPosition) throws(TorchError) {
        let gradients = try optimizer.gradients()
        try scaler.unscale(gradients)
        try clipGradients(gradients, maximumNorm: Self.maximumGradientNorm)
        observers { try $0.optimizerWillStep(position) }
        try optimizer.step(skipFlag: scaler.skipFlag)
        try scaler.update()
        observers { try $0.gradientsWillClear(position) }
        try optimizer.clearGradients()
        try ema.update(from: model)
    }
}
