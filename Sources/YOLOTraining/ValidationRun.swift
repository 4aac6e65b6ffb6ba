import Detection
import Foundation
import Torch
import YOLOData
import YOLOModel
public import YOLOReporting

/// Validates a weights file on a data set: the command `yolov5 val`.
///
///     var options = ValidationOptions()
///     options.weights = "runs/train/exp/weights/best.pt"
///     options.data = "coco128.yaml"
///     let outcome = try ValidationRun(options, observers: [ConsoleObserver()]).run()
///     print(outcome.report.mean.map50)
public struct ValidationRun {
    private let options: ValidationOptions
    private let observers: Observers

    public init(_ options: ValidationOptions, observers: [any TrainingObserver]) {
        self.options = options
        self.observers = Observers(observers)
    }

    /// All tensor work happens on the thread that calls it.
    /// - Throws: for every file or option that is wrong, before anything is written.
    @discardableResult
    public func run() throws -> ValidationOutcome {
        try options.validate()
        defer { observers { $0.teardown() } }
        observers {
            $0.setupDidStart(
                RunDescription(command: "val", options: options.settings.map { Setting($0.name, $0.value.description) }))
        }
        let compute = try ComputeDevice(options.device, options.precision)
        let data = try DatasetDescription(contentsOf: options.data)
        let model = try DetectionModel(WeightsFile.open(options.weights))
        guard model.classCount == data.classCount else {
            throw TrainingError.classCountMismatch(
                weights: options.weights, inModel: model.classCount, data: options.data, inData: data.classCount)
        }
        let set = try LabeledImageSet(images(of: data), of: data, name: options.split.rawValue, requiresLabels: false)
        for warning in set.warnings { Warning.print(warning) }

        let imageSize = ImageSize.rounded(options.imageSize, toMultipleOf: model.largestStride)
        if imageSize != options.imageSize {
            observers { $0.parametersDidChange(.imageSize(imageSize, given: options.imageSize, stride: model.largestStride)) }
        }
        let loader = try DataLoader(
            validation: set, imageSize: imageSize, batchSize: options.batchSize, stride: model.largestStride,
            workers: LoaderThreads.count(wanted: options.workers, batchSize: options.batchSize))
        let folder = try RunFolder(project: options.project, name: options.name, reusesExisting: options.reusesFolder)
        try model.move(to: compute.device)
        try model.useChannelsLast()
        let validator = Validator(
            loader, imageCount: set.imageCount, classNames: data.names, on: compute,
            suppression: NonMaximumSuppression(
                confidenceThreshold: Float(options.confidenceThreshold), iouThreshold: Float(options.iouThreshold),
                isMultiLabel: true),
            observers: observers)
        let title = "\(model.summary()), \(compute)\n\(set.summary)"
        let report: ValidationReport
        do {
            report = try validator.evaluate(model, title: title)
        } catch where error.isOutOfMemory {
            throw TrainingError.outOfMemory(device: compute.description, batchSize: options.batchSize, imageSize: imageSize)
        }
        let pictures = try folder.writeRecords(of: report, images: validator.firstImages)
        return ValidationOutcome(
            report: report, folder: folder.displayPath(folder.url), pictures: pictures.map(folder.displayPath))
    }

    private func images(of data: DatasetDescription) throws -> [String] {
        let images = switch options.split {
        case .train: data.train
        case .val: data.validation
        case .test: data.test
        }
        guard !images.isEmpty else {
            throw TrainingError.invalidOption(
                "--task", found: options.split.rawValue, expected: "a part that '\(options.data)' names images for")
        }
        return images
    }
}

/// A validation's numbers, and where its files are.
public struct ValidationOutcome: Sendable, Hashable {
    public let report: ValidationReport
    /// The run's folder as a path to type.
    public let folder: String
    /// Sheets of validation images with labels and with predictions.
    public let pictures: [String]
}
