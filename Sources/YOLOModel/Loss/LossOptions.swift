/// What the loss takes from the hyperparameters; keys of the YAML in parentheses.
public struct LossOptions: Hashable, Sendable {
    /// Gain of the box loss (`box`).
    public var boxGain: Double
    /// Gain of the objectness loss (`obj`).
    public var objectnessGain: Double
    /// Gain of the class loss (`cls`).
    public var classGain: Double
    /// Weight of positives in the objectness loss (`obj_pw`).
    public var objectnessPositiveWeight: Double
    /// Weight of positives in the class loss (`cls_pw`).
    public var classPositiveWeight: Double
    /// How much larger or smaller than an anchor a box's side may be (`anchor_t`).
    public var anchorRatioLimit: Double
    /// Focal loss gamma; 0 for plain cross-entropy (`fl_gamma`).
    public var focalGamma: Double
    /// Share of a class target that is spread over both outcomes (`label_smoothing`).
    public var labelSmoothing: Double
    /// Lets the balance of the levels follow their losses; off in the reference's training.
    public var isAutobalanced: Bool

    public init(
        boxGain: Double = 0.05, objectnessGain: Double = 1.0, classGain: Double = 0.5,
        objectnessPositiveWeight: Double = 1, classPositiveWeight: Double = 1, anchorRatioLimit: Double = 4,
        focalGamma: Double = 0, labelSmoothing: Double = 0, isAutobalanced: Bool = false
    ) {
        self.boxGain = boxGain
        self.objectnessGain = objectnessGain
        self.classGain = classGain
        self.objectnessPositiveWeight = objectnessPositiveWeight
        self.classPositiveWeight = classPositiveWeight
        self.anchorRatioLimit = anchorRatioLimit
        self.focalGamma = focalGamma
        self.labelSmoothing = labelSmoothing
        self.isAutobalanced = isAutobalanced
    }
}
