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
    /// Images a weight update is made of (`nbs`): smaller batches accumulate gradients up to it.
    /// A key of ours; the reference always takes 64.
    public var nominalBatchSize = 64.0

    /// Anchors of each output level (`anchors`), rounded, to be made from the data in place of the model's; 0 leaves the model
    /// its own.
    public var anchorsPerLevel = 0.0

    /// Gains and weights of the loss (`box`, `cls`, `cls_pw`, `obj`, `obj_pw`, `anchor_t`, `fl_gamma`, `label_smoothing`).
    public var loss = LossOptions()
    /// IoU threshold of training (`iou_t`). The loss of the reference does not read it either; its files carry it.
    public var iouThreshold = 0.2
    /// How much training samples are changed (`hsv_h` … `copy_paste`, `mosaic9`, `cutout`, `albumentations`).
    public var augmentation = AugmentationOptions()

    public init() {}
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

    /// Anchors that each level of the model is built with; 0 for as many as it says.
    package var anchorCount: Int { Int(anchorsPerLevel.rounded(.toNearestOrEven)) }

    /// Batches that make one weight update after warm-up: the nominal batch over the real one, half to even, at least one.
    package func accumulation(batchSize: Int) -> Int {
        max(Int((nominalBatchSize / Double(batchSize)).rounded(.toNearestOrEven)), 1)
    }

    /// The weight decay for updates of `batchSize * accumulation` images; the given one is meant for `nbs` of them.
    package func weightDecay(batchSize: Int) -> Double {
        weightDecay * Double(batchSize * accumulation(batchSize: batchSize)) / nominalBatchSize
    }
}
