import Detection
import Foundation
import Torch
import YOLOData
import YOLOModel
import YOLOReporting

/// Everything that a training needs, made from its options.
///
/// Data and weights are looked at first: what is wrong with them is said before the run has a folder.
struct TrainingSetup {
    /// What a training is for, and what becomes of its files.
    enum Purpose {
        case newRun
        case resume(InterruptedRun)
        /// To try hyperparameters: nothing is written but into this folder, and no weights.
        case candidate(RunFolder)

        var keepsFiles: Bool { if case .candidate = self { false } else { true } }
        var continues: Bool { run != nil }
        fileprivate var run: InterruptedRun? { if case .resume(let run) = self { run } else { nil } }
    }

    /// As given, with what was left open decided.
    let options: TrainingOptions
    let compute: ComputeDevice
    let folder: RunFolder
    let loader: DataLoader
    let validator: Validator
    let finalValidation: FinalValidation
    let criterion: DetectionLoss
    let learner: Learner
    /// Nil where nothing is drawn.
    let pictures: RunPictures?
    let plan: TrainingPlan
    /// For `--image-weights`.
    let imageWeights: ImageWeights?
    /// For `--multi-scale`.
    let multiScale: MultiScale?
    /// Where the training begins: state, and losses of an epoch that is begun already.
    let state: TrainingState
    let losses: RunningLosses

    init(_ given: TrainingOptions, _ purpose: Purpose, _ observers: Observers) throws {
        var options = given
        let run = purpose.run
        try options.validate()
        let description = RunDescription(options)
        observers { try $0.setupDidStart(description) }
        if !options.drawsNothing { PictureTools.warnOfMissing(drawsCharts: true) }
        Runtime.seed(UInt64(options.seed))
        Runtime.useDeterministicKernels(true)
        compute = try ComputeDevice(options.device, options.precision)

        // Data
        var data = try options.network.dataset(options.data)
        if options.labels.isSingleClass { data.mergeClasses() }
        let reader = DatasetReader(data, options.labels, observers, report: RunFolder.labelsReportName)
        let trainingSet = try reader.read(data.train, name: "train", requiresLabels: true)
        let validationSet = try reader.read(data.validation, name: "val", requiresLabels: false)
        run?.warnings.forEach(Warning.print)

        // Model
        let start = try StartingPoint(options, data, resuming: run)
        var model = start.model
        try model.move(to: compute.device)
        try model.useChannelsLast()
        let frozen = try options.frozenRows.freeze(model)
        let stride = model.largestStride
        // Two cells a side: batch statistics of a single cell and image would not exist.
        let imageSize = ImageSize.rounded(options.imageSize, toMultipleOf: stride, atLeast: 2 * stride)
        try model.checkImageSize(imageSize)
        if imageSize != options.imageSize {
            observers { try $0.parametersDidChange(.imageSize(imageSize, given: options.imageSize, stride: stride)) }
        }
        let anchors = run == nil ? try model.fitAnchors(to: trainingSet, imageSize: imageSize, options) : ""

        if options.batchSize == TrainingOptions.automaticBatchSize {
            let search = BatchSizeSearch(
                model: model, options: options, imageSize: options.variesImageSize ? MultiScale.largestSide(for: imageSize, stride: stride) : imageSize,
                labelsPerImage: max(4 * trainingSet.labelCount / max(trainingSet.imageCount, 1), 8),  // four images make a mosaic
                imageCount: trainingSet.imageCount, compute: compute)
            let finding = try search.find()
            options.batchSize = finding.batchSize
            observers { try $0.parametersDidChange(ParameterChange(name: "batch_size", value: "\(finding.batchSize)", reason: finding.reason)) }
        }

        // Loaders
        let batchSize = options.batchSize
        // What the next epoch sees is known after its validation.
        let epochsAhead = options.weighsImages ? 0 : options.epochs
        let workers = LoaderThreads.count(wanted: options.workers, batchSize: options.batchSize)
        let memory = BatchMemory.forCopies(to: compute.device)
        let trainingData = options.trainingData(imageSize: imageSize, stride: stride)
        loader = try CacheFillingReport(of: trainingSet.name, to: observers).run { progress in
            try DataLoader(
                training: trainingSet, trainingData, workers: workers,
                epochs: epochsAhead, cacheProgress: progress, memory: memory)
        }
        imageWeights = options.weighsImages ? ImageWeights(trainingSet) : nil
        multiScale = options.variesImageSize
            ? MultiScale(imageSize: imageSize, stride: stride, seed: UInt64(options.seed)) : nil
        // One validation at the end is no reason to keep its images.
        let validationCache = options.validatesOnlyAtEnd
            ? .none : options.cacheSettings(of: "val", used: loader.cacheReport?.memoryBytes ?? 0)
        let validationLoader = try CacheFillingReport(of: validationSet.name, to: observers).run { progress in
            try DataLoader(
                validation: validationSet, imageSize: imageSize,
                batchSize: batchSize * 2,  // no gradients: twice as many images fit
                stride: stride, workers: workers, cache: validationCache, cacheProgress: progress, memory: memory)
        }
        let caches = [(trainingSet.name, loader.cacheReport), (validationSet.name, validationLoader.cacheReport)]
        for (name, report) in caches { report?.warning.map { Warning.print("\(name): \($0)") } }

        validator = Validator(
            validationLoader, imageCount: validationSet.imageCount, classNames: data.names, on: compute,
            suppression: .validation, observers: observers)
        finalValidation = FinalValidation(of: data, validationSet, isSingleClass: options.labels.isSingleClass)

        // Loss, optimiser, schedule
        let hyperparameters = options.hyperparameters
        criterion = try DetectionLoss(
            model: model,
            options: hyperparameters.lossOptions(
                outputLevels: model.strides.count, classCount: data.classCount, imageSize: imageSize))
        let groups = ParameterGroups(
            model.stateEntries(), hyperparameters, weightDecay: hyperparameters.weightDecay(batchSize: options.batchSize))
        let schedule = Schedule(
            hyperparameters, epochs: options.epochs, batchesPerEpoch: loader.batchCount, batchSize: options.batchSize,
            decay: options.usesCosineSchedule ? .cosine : .linear)
        learner = try Learner(
            model, optimizer: options.optimizer, criterion: criterion, groups: groups, schedule: schedule,
            on: compute, observers: observers)
        if let run {
            state = try TrainingState(resuming: run.checkpoint, batchesPerEpoch: loader.batchCount)
            if state.recovery == .float32 {
                try learner.useFloat32()
                validator.useFloat32()
            }
            try learner.restore(run.checkpoint)
            losses = try RunningLosses(resuming: run.checkpoint, on: compute.device)
        } else {
            state = TrainingState()
            losses = RunningLosses()
        }
        self.options = options

        // Run folder, now that all is known to be right
        switch purpose {
        case .newRun:
            folder = try RunFolder(project: options.project, name: options.runName, reusesExisting: options.reusesFolder)
            observers.add(try folder.writeRecords(of: options))
        case .resume(let run):
            folder = run.folder
            observers.add(try folder.continueRecords(of: options, isLonger: run.isLonger, from: run.firstEpoch))
        case .candidate(let given):
            folder = given
        }
        pictures = options.drawsNothing || !purpose.keepsFiles
            ? nil : RunPictures(in: folder, options.plotFormat, classNames: data.names)
        pictures?.drawLabels(of: trainingSet)
        try folder.write([trainingSet.report, validationSet.report])

        plan = TrainingPlan(
            epochs: options.epochs, batchesPerEpoch: loader.batchCount, batchSize: options.batchSize, imageSize: imageSize,
            trainingImages: trainingSet.imageCount, validationImages: validationSet.imageCount,
            dataSummaries: [trainingSet.summary, validationSet.summary], classNames: data.names,
            workers: workers, device: compute.description, modelSummary: model.summary().description,
            weightsSummary: [start.summary, frozen].filter { !$0.isEmpty }.joined(separator: "\n"),
            anchorsSummary: anchors, optimizerSummary: "\(options.optimizer.rawValue) with \(groups.summary)",
            folder: folder.display,
            cacheSummaries: caches.compactMap { name, report in report.map { "\(name): \($0.summary)" } })
        observers { [plan] in try $0.setupDidEnd(plan) }
    }
}

extension NonMaximumSuppression {
    /// As the reference validates: nearly everything counts, and a box may have several classes.
    static let validation = NonMaximumSuppression(confidenceThreshold: 0.001, iouThreshold: 0.6, isMultiLabel: true)
}

extension RunDescription {
    fileprivate init(_ options: TrainingOptions) {
        self.init(
            command: "train", options: options.settings.map { Setting($0.name, $0.value.description) },
            hyperparameters: options.hyperparameters.entries.map { Setting($0.name, YAMLNumber.text($0.value)) },
            environment: RunEnvironment(device: options.device).description)
    }
}

extension ParameterChange {
    static func imageSize(_ size: Int, given: Int, stride: Int) -> ParameterChange {
        ParameterChange(name: "imgsz", value: "\(size)", reason: "\(given) does not suit the model's stride of \(stride)")
    }
}

extension RunFolder {
    /// Writes `opt.yaml` and `hyp.yaml`, and opens `results.csv`.
    fileprivate func writeRecords(of options: TrainingOptions) throws -> ResultsCSV {
        do {
            try FileManager.default.createDirectory(at: weightsFolder, withIntermediateDirectories: true)
            let optionsText = try OptionsFile.text(options, folder: display)
            try Data(optionsText.utf8).write(to: url.appendingPathComponent(OptionsFile.name), options: .atomic)
            let hyperparametersText = options.hyperparameters.yaml
            try Data(hyperparametersText.utf8).write(to: url.appendingPathComponent("hyp.yaml"), options: .atomic)
            return try ResultsCSV(writingTo: url.appendingPathComponent("results.csv"))
        } catch {
            throw TrainingError.cannotWrite(path: displayPath(url), reason: error.localizedDescription)
        }
    }
}

extension RunFolder {
    /// Opens `results.csv` of a run that goes on with an epoch; `hyp.yaml` stays as it is, and so does `opt.yaml`, but for a run
    /// that becomes longer.
    fileprivate func continueRecords(of options: TrainingOptions, isLonger: Bool, from epoch: Int) throws -> ResultsCSV {
        do {
            if isLonger {
                try Data(OptionsFile.text(options, folder: display).utf8)
                    .write(to: url.appendingPathComponent(OptionsFile.name), options: .atomic)
            }
            return try ResultsCSV(writingTo: url.appendingPathComponent("results.csv"), from: epoch)
        } catch {
            throw TrainingError.cannotWrite(path: displayPath(url), reason: error.localizedDescription)
        }
    }
}

/// How many threads are worth while.
enum LoaderThreads {
    /// No more than cores, no more than images in a batch, at least one.
    static func count(wanted: Int, batchSize: Int) -> Int {
        max(1, min(wanted, batchSize, ProcessInfo.processInfo.activeProcessorCount))
    }
}
