import Detection
import Downloads
import Foundation
import Torch
import YOLOData
import YOLOModel
import YOLOReporting

/// Data, models and annotations of a validation, all read and checked: what its measurements share.
struct ValidationBench {
    /// Weights and their model.
    struct Candidate {
        /// As given by the user.
        let weights: String
        let model: DetectionModel

        /// `best` for `runs/train/exp/weights/best.pt`.
        var stem: String { weights.lastPart.withoutPathSuffix }
    }

    let candidates: [Candidate]
    let set: LabeledImageSet
    private let options: ValidationOptions
    private let observers: Observers
    private let compute: ComputeDevice
    private let data: DatasetDescription
    private let labelNames: LabelFileNames?
    private let coco: COCOData
    private let scoring: COCOScoring?

    /// - Throws: for every file or option that is wrong.
    init(_ options: ValidationOptions, _ observers: Observers) throws {
        self.options = options
        self.observers = observers
        compute = try ComputeDevice(options)
        var data = try options.network.dataset(options.data, with: options.task == .test ? ["train", "val", "test"] : ["train", "val"])
        if options.labels.isSingleClass { data.mergeClasses() }
        self.data = data
        candidates = try options.weights.map {
            Candidate(weights: $0, model: try DetectionModel(WeightsFile.open($0, fetchingBy: options.network.weights)))
        }
        // Weights that do not belong together are named both, before one of them is said not to fit the data.
        if ![.speed, .study].contains(options.task) { _ = try Self.predictor(candidates, augments: false) }
        for candidate in candidates where !options.labels.isSingleClass && candidate.model.classCount != data.classCount {
            throw TrainingError.classCountMismatch(
                weights: candidate.weights, inModel: candidate.model.classCount, data: options.data, inData: data.classCount)
        }
        set = try DatasetReader(data, options.labels, observers, report: RunFolder.labelsReportName)
            .read(data.sources(of: options), name: options.split, requiresLabels: false)

        let images = set.imagePaths
        labelNames = options.writesLabelFiles ? LabelFileNames(images) : nil
        if let count = labelNames?.specialCount, count > 0 {
            Warning.print("\(count) images share their name with others: their label files get folders, as the images have them")
        }
        coco = COCOData(data)
        scoring = try options.scoring(coco, classNames: data.names, images: images)
    }

    /// Measures candidates, which predict together if they are several.
    ///
    /// - Parameters:
    ///   - imageSize: as the user wants it; the model's stride decides.
    ///   - folder: gets the files.
    /// - Throws: `ModelError.differentClassCounts` for candidates that do not belong together.
    func measure(_ candidates: [Candidate], imageSize wanted: Int, in folder: RunFolder) throws -> ValidationMeasurement {
        let predictor = try Self.predictor(candidates, augments: options.usesTestTimeAugmentation)
        let imageSize = try checked(wanted, for: candidates, stride: predictor.largestStride)
        let isSpeed = options.task == .speed
        let loader = try DataLoader(
            validation: set, imageSize: imageSize, batchSize: options.batchSize, stride: predictor.largestStride,
            padding: isSpeed ? 0 : 0.5, isSquare: isSpeed,
            workers: LoaderThreads.count(wanted: options.workers, batchSize: options.batchSize), memory: .forCopies(to: compute.device))
        for candidate in candidates {
            try candidate.model.move(to: compute.device)
            try candidate.model.useChannelsLast()
        }
        let isFull = ![.speed, .study].contains(options.task)
        let files = try predictionFiles(stem: candidates[0].stem, in: folder)
        let examination = Validator.Examination(
            rule: options.searchRule, gathersDetails: isFull, keepsExamples: isFull, files: files,
            batchShape: [min(options.batchSize, set.imageCount), 3, imageSize, imageSize], warmsUp: !isFull || compute.device.isCUDA)
        let validator = Validator(
            loader, imageCount: set.imageCount, classNames: data.names, on: compute, suppression: options.searchRule.suppression,
            observers: observers)
        let heading = isFull ? "" : "\(candidates[0].weights) at \(imageSize) pixels\n"
        let title = heading + candidates.map { "\($0.model.summary()), \(compute)\n" }.joined() + set.summary
        let report: ValidationReport
        do {
            report = try validator.evaluate(predictor, title: title, examination)
        } catch where error.isOutOfMemory {
            throw TrainingError.outOfMemory(device: compute.description, batchSize: options.batchSize, imageSize: imageSize)
        }
        try folder.writeRecords(of: report)
        let pictures = RunPictures(in: folder, .png, classNames: data.names)
        if isFull { pictures.drawValidation(report, examples: validator.examples) }
        return ValidationMeasurement(
            weights: candidates.map(\.weights), imageSize: imageSize, report: report, pictures: pictures.finish().map(folder.displayPath),
            labels: labelNames.map { _ in folder.displayPath(folder.labelsFolder) }, labelFileCount: files.labelFileCount,
            detections: files.detections.map(folder.displayPath))
    }

    private static func predictor(_ candidates: [Candidate], augments: Bool) throws(ModelError) -> any Predictor {
        let members = candidates.map { candidate -> any Predictor in
            augments ? TestTimeAugmentation(of: candidate.model) : candidate.model
        }
        return members.count == 1 ? members[0] : try Ensemble(Array(zip(candidates.map(\.weights), members)))
    }

    private func checked(_ wanted: Int, for candidates: [Candidate], stride: Int) throws -> Int {
        let imageSize = ImageSize.rounded(wanted, toMultipleOf: stride)
        for candidate in candidates { try candidate.model.checkImageSize(imageSize) }
        if imageSize != wanted {
            observers { try $0.parametersDidChange(.imageSize(imageSize, given: wanted, stride: stride)) }
        }
        return imageSize
    }

    /// - Parameter stem: of the first weights, for the file of detections.
    private func predictionFiles(stem: String, in folder: RunFolder) throws -> PredictionFiles {
        var settings = PredictionFiles.Settings()
        settings.labels = labelNames
        settings.hasConfidences = options.savesConfidences
        settings.detections = options.writesDetections(of: coco) ? "\(stem)_predictions.json" : nil
        settings.categoryIDs = scoring?.categories.ids ?? CategoryNumbers(classNames: data.names, isCOCO: coco.isCOCO).ids
        settings.scoring = scoring
        return try PredictionFiles(settings, in: folder)
    }
}

extension ComputeDevice {
    /// - Throws: `TrainingError.invalidOption` for a device that is not there or cannot compute in that precision.
    fileprivate init(_ options: ValidationOptions) throws(TrainingError) {
        guard options.usesHalfPrecision else {
            try self.init(options.device, options.precision)
            return
        }
        guard try ComputeDevice(options.device, .fp32).device.isCUDA || options.precision == .fp16 else {
            Warning.print("--half needs a CUDA device; computing in fp32")
            try self.init(options.device, .fp32)
            return
        }
        try self.init(options.device, .fp16)
    }
}

extension DatasetDescription {
    /// The images that are validated on.
    fileprivate func sources(of options: ValidationOptions) throws(TrainingError) -> [String] {
        let sources = switch options.task {
        case .train: train
        case .val, .speed, .study: validation
        case .test: test
        }
        guard !sources.isEmpty else {
            throw .invalidOption("--task", found: options.task.rawValue, expected: "a part that '\(options.data)' names images for")
        }
        return sources
    }
}

extension ValidationOptions {
    /// Whether all detections go to a file. Those of COCO do, as those of `coco.yaml` do in the reference, but not when speed is
    /// measured, nor the gigabytes of its training images.
    fileprivate func writesDetections(of coco: COCOData) -> Bool {
        savesDetections || annotations != nil || (coco.isCOCO && [.val, .test, .study].contains(task))
    }

    /// COCO's evaluation, where detections are written and there are annotations.
    ///
    /// - Throws: what is wrong with annotations that the user names.
    fileprivate func scoring(_ coco: COCOData, classNames: [String], images: [String]) throws -> COCOScoring? {
        guard writesDetections(of: coco) else { return nil }
        guard !labels.isSingleClass else {
            Warning.print("no evaluation by COCO: its annotations tell classes apart, --single-cls does not")
            return nil
        }
        if let annotations {
            return try COCOScoring(annotations: annotations, classNames: classNames, isCOCO: coco.isCOCO, images: images)
        }
        // A data set's own annotations are those of its validation images.
        return split == Task.val.rawValue ? coco.scoring(classNames: classNames, images: images) : nil
    }
}
