import YOLOData
import YOLOModel

extension Hyperparameters {
    /// One key of the file: its name, its property, and the values that make sense.
    struct Key: Sendable {
        let name: String
        let property: any WritableKeyPath<Hyperparameters, Double> & Sendable
        let range: ClosedRange<Double>

        fileprivate init(
            _ name: String, _ property: any WritableKeyPath<Hyperparameters, Double> & Sendable,
            _ range: ClosedRange<Double> = 0...1
        ) {
            self.name = name
            self.property = property
            self.range = range
        }
    }

    private static let unlimited = Double.greatestFiniteMagnitude
    /// For numbers that are counted with.
    private static let countable = 1e6

    /// Every key in the order of the reference's files, ours at the end.
    static let keys: [Key] = [
        Key("lr0", \.initialLearningRate, 0...unlimited),
        Key("lrf", \.finalLearningRateFactor, 0...unlimited),
        Key("momentum", \.momentum),
        Key("weight_decay", \.weightDecay, 0...unlimited),
        Key("warmup_epochs", \.warmupEpochs, 0...countable),
        Key("warmup_momentum", \.warmupMomentum),
        Key("warmup_bias_lr", \.warmupBiasLearningRate, 0...unlimited),
        Key("box", \.loss.boxGain, 0...unlimited),
        Key("cls", \.loss.classGain, 0...unlimited),
        Key("cls_pw", \.loss.classPositiveWeight, 0...unlimited),
        Key("obj", \.loss.objectnessGain, 0...unlimited),
        Key("obj_pw", \.loss.objectnessPositiveWeight, 0...unlimited),
        Key("iou_t", \.iouThreshold),
        Key("anchor_t", \.loss.anchorRatioLimit, 1...unlimited),
        Key("fl_gamma", \.loss.focalGamma, 0...unlimited),
        Key("hsv_h", \.augmentation.hue),
        Key("hsv_s", \.augmentation.saturation),
        Key("hsv_v", \.augmentation.value),
        Key("degrees", \.augmentation.degrees, 0...180),
        Key("translate", \.augmentation.translate),
        Key("scale", \.augmentation.scale),
        Key("shear", \.augmentation.shear, 0...90),
        Key("perspective", \.augmentation.perspective, 0...0.001),
        Key("flipud", \.augmentation.verticalFlip),
        Key("fliplr", \.augmentation.horizontalFlip),
        Key("mosaic", \.augmentation.mosaic),
        Key("mixup", \.augmentation.mixup),
        Key("copy_paste", \.augmentation.copyPaste),
        Key("anchors", \.anchorsPerLevel, 0...100),
        Key("label_smoothing", \.loss.labelSmoothing),
        Key("nbs", \.nominalBatchSize, 1...countable),
        Key("mosaic9", \.augmentation.mosaicOfNine),
        Key("cutout", \.augmentation.cutout),
        Key("albumentations", \.augmentation.albumentations),
    ]
}

extension Hyperparameters {
    /// The keys to write, with their values. `anchors` is only there where it says something, as in the reference's files:
    /// Python's evolution would take a 0 for a number to change.
    var entries: [(name: String, value: Double)] {
        Self.keys.map { ($0.name, self[keyPath: $0.property]) }.filter { $0.name != "anchors" || $0.value != 0 }
    }
}

extension Hyperparameters.Key {
    /// For messages: `a number between 0.0 and 1.0`.
    var expectedRange: String {
        range.upperBound == .greatestFiniteMagnitude
            ? "a number of at least \(YAMLNumber.text(range.lowerBound))"
            : "a number between \(YAMLNumber.text(range.lowerBound)) and \(YAMLNumber.text(range.upperBound))"
    }
}
