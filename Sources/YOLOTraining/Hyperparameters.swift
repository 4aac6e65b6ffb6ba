/// The numbers that shape a training run: rates, loss gains, augmentation strengths.
///
/// A value of this type holds what a `hyp.*.yaml` file holds; the defaults are those of `hyp.scratch-low.yaml`, made for
/// training from random weights on COCO with light augmentation. `Hyperparameters.keys` ties each property to its key.
public struct Hyperparameters: Sendable, Hashable {
    // Optimiser
    /// Learning rate at the end of warm-up (`lr0`): 1e-2 suits SGD, 1e-3 Adam.
    public var initialLearningRate = 0.01
    /// Learning rate of the last epoch as a share of the initial one (`lrf`).
    public var finalLearningRateFactor = 0.01
    /// Momentum of SGD, first beta of Adam (`momentum`).
    public var momentum = 0.937
    /// L2 decay of the convolutions' weights, for the nominal batch (`weight_decay`).
    public var weightDecay = 0.0005
    /// Length of the warm-up in epochs, fractions allowed (`warmup_epochs`); never less than 100 iterations.
    public var warmupEpochs = 3.0
    /// Momentum at the first iteration (`warmup_momentum`).
    public var warmupMomentum = 0.8
    /// Learning rate of the biases at the first iteration (`warmup_bias_lr`).
    public var warmupBiasLearningRate = 0.1
    /// Images a weight update is made of (`nbs`): smaller batches accumulate gradients up to it. A key of ours; the reference has 64.
    public var nominalBatchSize = 64.0

    // Loss
    /// Gain of the box loss (`box`).
    public var boxGain = 0.05
    /// Gain of the classification loss (`cls`).
    public var classGain = 0.5
    /// Weight of positives in the classification loss (`cls_pw`).
    public var classPositiveWeight = 1.0
    /// Gain of the objectness loss (`obj`).
    public var objectnessGain = 1.0
    /// Weight of positives in the objectness loss (`obj_pw`).
    public var objectnessPositiveWeight = 1.0
    /// IoU threshold of training (`iou_t`). The loss of the reference does not read it either; its files carry it.
    public var iouThreshold = 0.2
    /// Largest ratio between the sides of a target and of an anchor that learns it (`anchor_t`).
    public var anchorThreshold = 4.0
    /// Exponent of the focal loss, 0 for none (`fl_gamma`).
    public var focalLossGamma = 0.0
    /// How far class targets move from 0 and 1 (`label_smoothing`). A flag in the reference, where 0 is the default too.
    public var labelSmoothing = 0.0

    // Augmentation
    /// Largest relative change of hue, saturation and value (`hsv_h`, `hsv_s`, `hsv_v`).
    public var hueGain = 0.015
    public var saturationGain = 0.7
    public var valueGain = 0.4
    /// Largest rotation in degrees (`degrees`).
    public var degrees = 0.0
    /// Largest shift as a share of the image's side (`translate`).
    public var translate = 0.1
    /// Largest relative change of size (`scale`).
    public var scale = 0.5
    /// Largest shear in degrees (`shear`).
    public var shear = 0.0
    /// Largest perspective coefficient (`perspective`), useful up to 0.001.
    public var perspective = 0.0
    /// Probability of an upside-down image (`flipud`).
    public var verticalFlip = 0.0
    /// Probability of a mirrored image (`fliplr`).
    public var horizontalFlip = 0.5
    /// Probability of a mosaic of four images (`mosaic`).
    public var mosaic = 1.0
    /// Probability that a mosaic is blended with a second one (`mixup`).
    public var mixup = 0.0
    /// Probability that an object's cut-out is copied to another place (`copy_paste`); needs segments.
    public var copyPaste = 0.0

    public init() {}
}

extension Hyperparameters {
    /// One key of the file: its name, its property, the values that make sense, and a sentence for whoever edits the file.
    struct Key: Sendable {
        let name: String
        let property: any WritableKeyPath<Hyperparameters, Double> & Sendable
        let range: ClosedRange<Double>
        let meaning: String
    }

    private static let probability = 0.0...1.0
    private static let anyPositive = 0.0...Double.greatestFiniteMagnitude

    /// Every key in the order of the file.
    static let keys: [Key] = [
        Key(name: "lr0", property: \.initialLearningRate, range: anyPositive, meaning: "learning rate after warm-up (SGD 0.01, Adam 0.001)"),
        Key(name: "lrf", property: \.finalLearningRateFactor, range: anyPositive, meaning: "learning rate of the last epoch, as a share of lr0"),
        Key(name: "momentum", property: \.momentum, range: probability, meaning: "SGD momentum, Adam beta1"),
        Key(name: "weight_decay", property: \.weightDecay, range: anyPositive, meaning: "L2 decay of the convolution weights"),
        Key(name: "warmup_epochs", property: \.warmupEpochs, range: anyPositive, meaning: "length of the warm-up, at least 100 iterations"),
        Key(name: "warmup_momentum", property: \.warmupMomentum, range: probability, meaning: "momentum at the first iteration"),
        Key(name: "warmup_bias_lr", property: \.warmupBiasLearningRate, range: anyPositive, meaning: "learning rate of the biases at the first iteration"),
        Key(name: "box", property: \.boxGain, range: anyPositive, meaning: "gain of the box loss"),
        Key(name: "cls", property: \.classGain, range: anyPositive, meaning: "gain of the classification loss"),
        Key(name: "cls_pw", property: \.classPositiveWeight, range: anyPositive, meaning: "weight of positives in the classification loss"),
        Key(name: "obj", property: \.objectnessGain, range: anyPositive, meaning: "gain of the objectness loss (scaled by image size)"),
        Key(name: "obj_pw", property: \.objectnessPositiveWeight, range: anyPositive, meaning: "weight of positives in the objectness loss"),
        Key(name: "iou_t", property: \.iouThreshold, range: probability, meaning: "IoU threshold of training; carried along, no loss reads it"),
        Key(name: "anchor_t", property: \.anchorThreshold, range: 1...Double.greatestFiniteMagnitude, meaning: "largest side ratio of target and anchor"),
        Key(name: "fl_gamma", property: \.focalLossGamma, range: anyPositive, meaning: "exponent of the focal loss, 0 for none"),
        Key(name: "hsv_h", property: \.hueGain, range: probability, meaning: "hue, largest relative change"),
        Key(name: "hsv_s", property: \.saturationGain, range: probability, meaning: "saturation, largest relative change"),
        Key(name: "hsv_v", property: \.valueGain, range: probability, meaning: "value, largest relative change"),
        Key(name: "degrees", property: \.degrees, range: 0...180, meaning: "rotation, +/- degrees"),
        Key(name: "translate", property: \.translate, range: probability, meaning: "shift, +/- share of the side"),
        Key(name: "scale", property: \.scale, range: probability, meaning: "size, +/- share"),
        Key(name: "shear", property: \.shear, range: 0...90, meaning: "shear, +/- degrees"),
        Key(name: "perspective", property: \.perspective, range: 0...0.01, meaning: "perspective, +/- coefficient, useful up to 0.001"),
        Key(name: "flipud", property: \.verticalFlip, range: probability, meaning: "probability of an upside-down image"),
        Key(name: "fliplr", property: \.horizontalFlip, range: probability, meaning: "probability of a mirrored image"),
        Key(name: "mosaic", property: \.mosaic, range: probability, meaning: "probability of a mosaic of four images"),
        Key(name: "mixup", property: \.mixup, range: probability, meaning: "probability of blending two mosaics"),
        Key(name: "copy_paste", property: \.copyPaste, range: probability, meaning: "probability of copying an object's cut-out"),
        Key(name: "label_smoothing", property: \.labelSmoothing, range: probability, meaning: "how far class targets move from 0 and 1"),
        Key(name: "nbs", property: \.nominalBatchSize, range: 1...Double.greatestFiniteMagnitude, meaning: "images per weight update; smaller batches accumulate"),
    ]
}

extension Hyperparameters {
    /// The loss gains for a network, as the reference scales them before training.
    ///
    /// The given gains are meant for three output levels, 80 classes and 640 pixels: more levels share them, fewer classes
    /// make an easier classification, and objectness grows with the number of cells.
    package func scaledForLoss(outputLevels: Int, classCount: Int, imageSize: Int) -> Hyperparameters {
        var scaled = self
        let levels = Double(outputLevels)
        scaled.boxGain *= 3 / levels
        scaled.classGain *= Double(classCount) / 80 * 3 / levels
        scaled.objectnessGain *= (Double(imageSize) / 640) * (Double(imageSize) / 640) * 3 / levels
        return scaled
    }

    /// Batches that make one weight update after warm-up: the nominal batch over the real one, half to even, at least one.
    package func accumulation(batchSize: Int) -> Int {
        max(Int((nominalBatchSize / Double(batchSize)).rounded(.toNearestOrEven)), 1)
    }

    /// The weight decay for updates of `batchSize * accumulation` images; the given one is meant for `nbs` of them.
    package func weightDecay(batchSize: Int) -> Double {
        weightDecay * Double(batchSize * accumulation(batchSize: batchSize)) / nominalBatchSize
    }
}
