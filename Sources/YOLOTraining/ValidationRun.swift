import Detection
import Foundation
import Torch
import YOLOData
import YOLOModel
public import YOLOReporting

/// Validates one weights file, or several that predict together, on a data set: the command `yolov5 val`.
///
///     var options = ValidationOptions()
///     options.weights = ["runs/train/exp/weights/best.pt"]
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
        defer { observers { try $0.teardown() } }
        observers {
            try $0.setupDidStart(
                RunDescription(command: "val", options: options.settings.map { Setting($0.name, $0.value.description) }, environment: RunEnvironment(device: options.device).description))
        }
        PictureTools.warnOfMissing(drawsCharts: false)
        let compute = try self.compute()
        var data = try options.network.dataset(options.data, with: options.split == .test ? ["train", "val", "test"] : ["train", "val"])
        if options.labels.isSingleClass { data.mergeClasses() }
        let models = try options.weights.map { try DetectionModel(WeightsFile.open($0, fetchingBy: options.network.weights)) }
        let predictor = try self.predictor(models)
        guard predictor.classCount == data.classCount else {
            throw TrainingError.classCountMismatch(
                weights: options.weights[0], inModel: predictor.classCount, data: options.data, inData: data.classCount)
        }
        let set = try DatasetReader(data, options.labels, observers, report: RunFolder.labelsReportName)
            .read(images(of: data), name: options.split.rawValue, requiresLabels: false)

        let imageSize = ImageSize.rounded(options.imageSize, toMultipleOf: predictor.largestStride)
        for model in models { try model.checkImageSize(imageSize) }
        if imageSize != options.imageSize {
            observers { try $0.parametersDidChange(.imageSize(imageSize, given: options.imageSize, stride: predictor.largestStride)) }
        }
        let loader = try DataLoader(
            validation: set, imageSize: imageSize, batchSize: options.batchSize, stride: predictor.largestStride,
            workers: LoaderThreads.count(wanted: options.workers, batchSize: options.batchSize),
            memory: .forCopies(to: compute.device))
        let folder = try RunFolder(project: options.project, name: options.name, reusesExisting: options.reusesFolder)
        try folder.write([set.report])
        for model in models {
            try model.move(to: compute.device)
            try model.useChannelsLast()
        }
        let validator = Validator(
            loader, imageCount: set.imageCount, classNames: data.names, on: compute,
            suppression: NonMaximumSuppression(
                confidenceThreshold: Float(options.confidenceThreshold), iouThreshold: Float(options.iouThreshold),
                isMultiLabel: true),
            observers: observers)
        let title = models.map { "\($0.summary()), \(compute)\n" }.joined() + set.summary
        let report: ValidationReport
        do {
            report = try validator.evaluate(predictor, title: title)
        } catch where error.isOutOfMemory {
            throw TrainingError.outOfMemory(device: compute.description, batchSize: options.batchSize, imageSize: imageSize)
        }
        let pictures = try folder.writeRecords(of: report, images: validator.firstImages)
        return ValidationOutcome(
            report: report, folder: folder.displayPath(folder.url), pictures: pictures.map(folder.displayPath))
    }

    /// - Throws: `TrainingError.invalidOption` for a device that is not there or cannot compute in that precision.
    private func compute() throws(TrainingError) -> ComputeDevice {
        guard options.usesHalfPrecision else { return try ComputeDevice(options.device, options.precision) }
        guard try ComputeDevice(options.device, .fp32).device.isCUDA || options.precision == .fp16 else {
            Warning.print("--half needs a CUDA device; computing in fp32")
            return try ComputeDevice(options.device, .fp32)
        }
        return try ComputeDevice(options.device, .fp16)
    }

    /// - Throws: `ModelError.differentClassCounts` for weights that do not belong together.
    private func predictor(_ models: [DetectionModel]) throws(ModelError) -> any Predictor {
        let members = models.map { model -> any Predictor in
            options.usesTestTimeAugmentation ? TestTimeAugmentation(of: model) : model
        }
        return members.count == 1 ? members[0] : try Ensemble(Array(zip(options.weights, members)))
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
