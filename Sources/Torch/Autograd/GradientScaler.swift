import CTorch

/// Keeps float16 gradients inside their range: the loss is multiplied by a scale that grows while gradients stay finite
/// and halves when they do not.
///
/// Source: Micikevicius et al., "Mixed Precision Training", 2018; constants as in PyTorch's `GradScaler`.
public final class GradientScaler {
    public let isEnabled: Bool
    /// float32 scalar on the device.
    private let scale: Tensor
    private let growthTracker: Tensor
    private let foundInfinite: Tensor

    public init(isEnabled: Bool, on device: Device) throws(TorchError) {
        self.isEnabled = isEnabled
        scale = try Tensor.full([], 65536, on: device)
        growthTracker = try Tensor.zeros([], .int32, on: device)
        foundInfinite = try Tensor.zeros([], on: device)
    }

    /// The loss that the backward pass starts from.
    public func scaled(_ loss: Tensor) throws(TorchError) -> Tensor { isEnabled ? try loss * scale : loss }

    /// Divides the gradients by the scale and notes whether any of them is infinite or not a number.
    public func unscale(_ gradients: [Tensor]) throws(TorchError) {
        guard isEnabled else { return }
        try foundInfinite.fill(0)
        let inverse = try scale.pow(-1)
        let status = gradients.lend { list in
            foundInfinite.lend { found in inverse.lend { ct_amp_unscale_(list, found, $0) } }
        }
        try check("unscale", status)
    }

    /// For the optimizer's step, which does nothing where this is 1; nil where scaling is off.
    public var skipFlag: Tensor? { isEnabled ? foundInfinite : nil }

    /// The scale and the number of steps since it last changed. Waits for the device.
    public func state() throws(TorchError) -> (scale: Double, stepsUnchanged: Int) {
        (try scale.item(), Int(try growthTracker.item()))
    }

    /// Goes on with what ``state()`` said.
    public func restore(scale: Double, stepsUnchanged: Int) throws(TorchError) {
        try self.scale.fill(scale)
        try growthTracker.fill(Double(stepsUnchanged))
    }

    /// Adapts the scale after a step.
    public func update() throws(TorchError) {
        guard isEnabled else { return }
        let status = scale.lend { scale in
            growthTracker.lend { tracker in
                foundInfinite.lend { ct_amp_update_scale_(scale, tracker, $0, 2.0, 0.5, 2000) }
            }
        }
        try check("update", status)
    }
}
