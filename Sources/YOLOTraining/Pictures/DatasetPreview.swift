import Foundation
import Imaging
public import YOLOData
import YOLOReporting

/// Draws the first batches of a data set as a training or a validation sees them: the command `yolov5 data show`.
public struct DatasetPreview: Sendable, Hashable {
    /// Data set YAML.
    public var data = "data/coco128.yaml"
    /// Pictures as a validation sees them, not augmented ones.
    public var showsValidation = false
    public var hyperparameters = Hyperparameters()
    /// Side of a sample in pixels.
    public var imageSize = 640
    /// Images a batch.
    public var batchSize = 16
    /// Batches to draw.
    public var count = 3
    public var epoch = 0
    public var seed = 0
    /// As `--rect` and `--quad` of the training have it, for a model with a largest stride of 32 pixels.
    public var shape = BatchShape.square
    public var labels = LabelOptions()
    /// The folder to write `batch0.jpg`, … into; it is made.
    public var folder = "runs/data/show"

    public init() {}

    /// - Throws: `TrainingError.invalidOption` for a number out of its range.
    public func validate() throws(TrainingError) {
        try OptionLimits.check("--batch-size", batchSize, OptionLimits.batchSize)
        try OptionLimits.check("--imgsz", imageSize, OptionLimits.imageSize)
        try OptionLimits.check("--seed", seed, OptionLimits.seed)
        try OptionLimits.check("--epoch", epoch, OptionLimits.epochs.lowerBound - 1...OptionLimits.epochs.upperBound)
        try OptionLimits.check("--count", count, 1...10_000)
    }

    /// - Returns: The files written.
    public func draw() throws -> [String] {
        try validate()
        var description = try DatasetDescription(named: data)
        if labels.isSingleClass { description.mergeClasses() }
        let reader = DatasetReader(description, labels, Observers([]))
        let loader: DataLoader
        if showsValidation {
            let set = try reader.read(description.validation, name: "val", requiresLabels: false)
            let side = ImageSize.rounded(imageSize, toMultipleOf: Self.stride)
            loader = try DataLoader(validation: set, imageSize: side, batchSize: batchSize, workers: workers)
        } else {
            let set = try reader.read(description.train, name: "train", requiresLabels: true)
            loader = try DataLoader(training: set, trainingData, workers: workers, epochs: 0)
        }
        return try draw(loader.batches(epoch: epoch), classNames: description.names)
    }

    /// The largest of the usual models, in pixels.
    private static let stride = 32

    private var workers: Int { LoaderThreads.count(wanted: .max, batchSize: batchSize) }

    private var trainingData: TrainingDataOptions {
        var options = TrainingDataOptions()
        options.imageSize = ImageSize.rounded(imageSize, toMultipleOf: Self.stride, atLeast: 2 * Self.stride)
        (options.batchSize, options.seed) = (batchSize, UInt64(seed))
        (options.augmentation, options.shape) = (hyperparameters.augmentation, shape)
        return options
    }

    private func draw(_ batches: EpochBatches, classNames: [String]) throws -> [String] {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw TrainingError.cannotWrite(path: folder, reason: error.localizedDescription)
        }
        var batches = batches
        var files: [String] = []
        while files.count < count, let batch = try batches.next() {
            batch.warnings.forEach(Warning.print)
            let file = URL(fileURLWithPath: folder).appendingPathComponent("batch\(batch.index).jpg").relativePath
            try ImageFile.write(BatchSheet(classNames: classNames).image(of: batch), to: file)
            files.append(file)
        }
        return files
    }
}
