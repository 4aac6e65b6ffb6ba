public import YOLOData
public import YOLOModel

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

    /// Gains and weights of the loss (`box`, `cls`, `cls_pw`, `obj`, `obj_pw`, `anchor_t`, `fl_gamma`, `label_smoothing`).
    public var loss = LossOptions()
    /// IoU threshold of training (`iou_t`). The loss of the reference does not read it either; its files carry it.
    public var iouThreshold = 0.2
    /// How much training samples are changed (`hsv_h` … `copy_paste`).
    public var augmentation = AugmentationOptions()

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
        Key(name: "box", property: \.loss.boxGain, range: anyPositive, meaning: "gain of the box loss"),
        Key(name: "cls", property: \.loss.classGain, range: anyPositive, meaning: "gain of the classification loss"),
        Key(name: "cls_pw", property: \.loss.classPositiveWeight, range: anyPositive, meaning: "weight of positives in the classification loss"),
        Key(name: "obj", property: \.loss.objectnessGain, range: anyPositive, meaning: "gain of the objectness loss (scaled by image size)"),
        Key(name: "obj_pw", property: \.loss.objectnessPositiveWeight, range: anyPositive, meaning: "weight of positives in the objectness loss"),
        Key(name: "iou_t", property: \.iouThreshold, range: probability, meaning: "IoU threshold of training; carried along, no loss reads it"),
        Key(name: "anchor_t", property: \.loss.anchorRatioLimit, range: 1...Double.greatestFiniteMagnitude, meaning: "largest side ratio of target and anchor"),
        Key(name: "fl_gamma", property: \.loss.focalGamma, range: anyPositive, meaning: "exponent of the focal loss, 0 for none"),
        Key(name: "hsv_h", property: \.augmentation.hue, range: probability, meaning: "hue, largest relative change"),
        Key(name: "hsv_s", property: \.augmentation.saturation, range: probability, meaning: "saturation, largest relative change"),
        Key(name: "hsv_v", property: \.augmentation.value, range: probability, meaning: "value, largest relative change"),
        Key(name: "degrees", property: \.augmentation.degrees, range: 0...180, meaning: "rotation, +/- degrees"),
        Key(name: "translate", property: \.augmentation.translate, range: probability, meaning: "shift, +/- share of the side"),
        Key(name: "scale", property: \.augmentation.scale, range: probability, meaning: "size, +/- share"),
        Key(name: "shear", property: \.augmentation.shear, range: 0...90, meaning: "shear, +/- degrees"),
        Key(name: "perspective", property: \.augmentation.perspective, range: 0...0.001, meaning: "perspective, +/- coefficient"),
        Key(name: "flipud", property: \.augmentation.verticalFlip, range: probability, meaning: "probability of an upside-down image"),
        Key(name: "fliplr", property: \.augmentation.horizontalFlip, range: probability, meaning: "probability of a mirrored image"),
        Key(name: "mosaic", property: \.augmentation.mosaic, range: probability, meaning: "probability of a mosaic of four images"),
        Key(name: "mixup", property: \.augmentation.mixup, range: probability, meaning: "probability of blending two mosaics"),
        Key(name: "copy_paste", property: \.augmentation.copyPaste, range: probability, meaning: "probability of copying an object's cut-out"),
        Key(name: "label_smoothing", property: \.loss.labelSmoothing, range: probability, meaning: "how far class targets move from 0 and 1"),
        Key(name: "nbs", property: \.nominalBatchSize, range: 1...Double.greatestFiniteMagnitude, meaning: "images per weight update; smaller batches accumulate"),
    ]
}

extension Hyperparameters {
    /// The loss for a network, its gains scaled as the reference scales them before training.
    ///
    /// The given gains are meant for three output levels, 80 classes and 640 pixels: more levels share them, fewer classes
    /// make an easier classification, and objectness grows with the number of cells.
    package func lossOptions(outputLevels: Int, classCount: Int, imageSize: Int) -> LossOptions {
        var scaled = loss
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
