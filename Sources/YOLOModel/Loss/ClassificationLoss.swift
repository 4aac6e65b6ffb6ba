import Torch

/// Mean binary cross-entropy of logits, or its focal form.
///
/// - Source: Lin et al., "Focal Loss for Dense Object Detection", 2017, with alpha 0.25; YOLOv5, `FocalLoss`.
struct ClassificationLoss {
    private static let alpha = 0.25

    private let positiveWeight: Tensor?
    private let focalGamma: Double

    init(positiveWeight: Double, focalGamma: Double, on device: Device) throws(TorchError) {
        self.positiveWeight = positiveWeight == 1 ? nil : try Tensor.full([1], positiveWeight, on: device)
        self.focalGamma = focalGamma
    }

    func callAsFunction(_ logits: Tensor, _ targets: Tensor) throws(TorchError) -> Tensor {
        guard focalGamma > 0 else {
            return try logits.binaryCrossEntropy(targets: targets, positiveWeight: positiveWeight, reduction: .mean)
        }
        let loss = try logits.binaryCrossEntropy(targets: targets, positiveWeight: positiveWeight, reduction: .none)
        let probability = try logits.sigmoid()
        let others = try 1 - targets
        let correct = try targets * probability + others * (1 - probability)
        let share = try targets * Self.alpha + others * (1 - Self.alpha)
        let easiness = try (1 - correct).pow(focalGamma)
        return try (loss * share * easiness).mean()
    }
}
