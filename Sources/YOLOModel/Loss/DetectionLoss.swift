public import Detection
public import Torch

/// The loss of a batch.
public struct LossValue {
    /// What to differentiate: the sum of the parts times the number of images, one float32 on the device.
    public let total: Tensor
    /// Box, objectness and class loss after their gains, `[3]` float32 on the device, without gradient.
    public let items: Tensor
}

/// YOLOv5's loss: CIoU for boxes, binary cross-entropy for objectness and classes.
///
/// ```swift
/// var loss = try DetectionLoss(model: model, options: LossOptions())
/// let value = try loss(model(images, .training).levels, targets)
/// try value.total.backward()
/// ```
/// Targets are assigned on the CPU, from numbers that are there already, so nothing waits for the device. Only the rows
/// that have a target and the objectness column are converted to float32.
/// - Source: YOLOv5 v6.2, `utils/loss.py`, `ComputeLoss`.
public struct DetectionLoss {
    private let options: LossOptions
    private let assigner: TargetAssigner
    private let classCount: Int
    private let objectness: ClassificationLoss
    private let classes: ClassificationLoss
    /// Weight of each level's objectness: fine levels have many cells and few objects.
    public private(set) var balance: [Double]
    /// The level whose balance stays 1 under autobalance: stride 16.
    private let referenceLevel: Int

    /// Reads the model's anchors as they are now, which waits for the device.
    public init(model: DetectionModel, options: LossOptions) throws(TorchError) {
        let sizes = try model.head.anchorSizes()
        let anchors = sizes.map { level in
            level.map { TargetAssigner.Anchor(width: $0.width, height: $0.height) }
        }
        try self.init(
            anchors: anchors, strides: model.strides, classCount: model.classCount, options: options,
            on: model.head.anchors.device)
    }

    package init(
        anchors: [[TargetAssigner.Anchor]], strides: [Int], classCount: Int, options: LossOptions, on device: Device = .cpu
    ) throws(TorchError) {
        self.options = options
        self.classCount = classCount
        assigner = TargetAssigner(anchors: anchors, ratioLimit: Float(options.anchorRatioLimit))
        objectness = try ClassificationLoss(
            positiveWeight: options.objectnessPositiveWeight, focalGamma: options.focalGamma, on: device)
        classes = try ClassificationLoss(
            positiveWeight: options.classPositiveWeight, focalGamma: options.focalGamma, on: device)
        balance = strides.count == 3 ? [4.0, 1.0, 0.4] : Array([4.0, 1.0, 0.25, 0.06, 0.02].prefix(strides.count))
        referenceLevel = strides.firstIndex(of: 16) ?? 0
    }

    /// - Parameters:
    ///   - levels: raw outputs of the head.
    ///   - targets: the objects of these images; classes below the model's number of classes.
    public mutating func callAsFunction(
        _ levels: [HeadLevel], _ targets: [GroundTruth]
    ) throws(TorchError) -> LossValue {
        let grids = levels.map { TargetAssigner.Grid(height: $0.gridHeight, width: $0.gridWidth) }
        let device = levels[0].output.device
        let assigned = try LevelTargets.make(
            assigner(targets, grids: grids), levels: levels, classCount: classCount, on: device)

        var boxLoss = try Tensor.zeros([], on: device)
        var objectnessLoss = try Tensor.zeros([], on: device)
        var classLoss = try Tensor.zeros([], on: device)
        for (index, (level, assigned)) in zip(levels, assigned).enumerated() {
            let (rows, column) = try level.rows().gatheredRowsAndColumn(rows: assigned.rows, column: 4)
            let wanted = try Tensor.zeros([column.count], on: device)
            if assigned.rows.count > 0 {
                let overlap = try overlap(rows, assigned)
                boxLoss = try boxLoss + (1 - overlap).mean()
                // How good the box is, is how sure the objectness shall be.
                let quality = try overlap.detached().clamped(min: 0).indexSelected(axis: 0, assigned.winners)
                try wanted.copySlices(axis: 0, at: assigned.winnerRows, from: quality)
                if classCount > 1 { classLoss = try classLoss + classLossOf(rows, assigned.classPlaces) }
            }
            let levelLoss = try objectness(column, wanted)
            objectnessLoss = try objectnessLoss + levelLoss * balance[index]
            if options.isAutobalanced {
                balance[index] = balance[index] * 0.9999 + 0.0001 / (try levelLoss.detached().item())
            }
        }
        if options.isAutobalanced {
            let reference = balance[referenceLevel]
            balance = balance.map { $0 / reference }
        }

        boxLoss = try boxLoss * options.boxGain
        objectnessLoss = try objectnessLoss * options.objectnessGain
        classLoss = try classLoss * options.classGain
        let total = try (boxLoss + objectnessLoss + classLoss) * Double(levels[0].imageCount)
        let items = try stacked([boxLoss, objectnessLoss, classLoss], axis: 0).detached()
        return LossValue(total: total, items: items)
    }

    /// CIoU of the predicted boxes with their targets, `[n]`.
    private func overlap(_ rows: Tensor, _ assigned: LevelTargets) throws(TorchError) -> Tensor {
        let place = try rows.narrowed(axis: 1, start: 0, length: 4).sigmoid()
        let centers = try place.narrowed(axis: 1, start: 0, length: 2) * 2 - 0.5
        let sides = try place.narrowed(axis: 1, start: 2, length: 2) * 2
        return try completeIoU(
            centers: centers, sizes: sides * sides * assigned.anchors,
            targetCenters: assigned.centers, targetSizes: assigned.sizes)
    }

    /// - Parameter places: where the class of each row stands in a flattened `[n, classes]`.
    private func classLossOf(_ rows: Tensor, _ places: Tensor) throws(TorchError) -> Tensor {
        let count = places.count
        let device = places.device
        let smoothing = options.labelSmoothing
        let wanted = try Tensor.full([count * classCount], 0.5 * smoothing, on: device)
        try wanted.copySlices(axis: 0, at: places, from: Tensor.full([count], 1 - 0.5 * smoothing, on: device))
        let logits = try rows.narrowed(axis: 1, start: 5, length: classCount)
        return try classes(logits, wanted.reshaped([count, classCount]))
    }
}
