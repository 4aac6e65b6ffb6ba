import Detection
import Foundation
import Torch
import YOLOData
import YOLOModel
public import YOLOReporting

/// Trains a detector: the epoch loop.
///
///     var options = TrainingOptions()
///     options.weights = "yolov5n.pt"
///     options.data = "coco128.yaml"
///     try Trainer(options, observers: [ConsoleObserver()]).run()
///
/// All tensor work happens on the thread that calls it.
/// Source: the reference's `train.py`; its body of the batch loop is `Learner.learn`, its preparations are `TrainingSetup`.
public final class Trainer {
    private let options: TrainingOptions
    private let setup: TrainingSetup
    private let learner: Learner
    private let observers: Observers
    private var state: TrainingState
    private let firstEpoch: Int
    private var savedFiles: Set<URL>

    /// Reads data and weights and makes the run's folder; nothing is trained yet.
    /// - Throws: for every file or option that is wrong, before anything is written.
    public convenience init(_ options: TrainingOptions, observers: [any TrainingObserver]) throws {
        try self.init(options, resuming: nil, observers)
    }

    /// Goes on with a training that was stopped, of this program or of Python's YOLOv5, in its own folder.
    /// - Parameters:
    ///   - path: of its `last.pt`; nil for that of the newest run below the working folder.
    ///   - device: in place of the one that the run began on.
    ///   - workers: likewise.
    ///   - isOffline: whether nothing may be fetched.
    ///   - allowsScripts: whether a script of the data set's YAML may run.
    /// - Throws: where there is nothing to resume, with what to do instead.
    public convenience init(
        resuming path: String?, device: String? = nil, workers: Int? = nil, isOffline: Bool = false, allowsScripts: Bool = false,
        observers: [any TrainingObserver]
    ) throws {
        var run = try InterruptedRun(path)
        run.options.isOffline = isOffline
        run.options.allowsScripts = allowsScripts
        if let device { run.options.device = device }
        if let workers { run.options.workers = workers }
        try self.init(run.options, resuming: run, observers)
    }

    private init(_ options: TrainingOptions, resuming run: InterruptedRun?, _ observers: [any TrainingObserver]) throws {
        self.options = options
        do {
            setup = try TrainingSetup(options, observers, resuming: run)
        } catch {
            Observers(observers) { $0.teardown() }
            guard error.isOutOfMemory else { throw error }
            throw TrainingError.outOfMemory(
                device: "the device", batchSize: options.batchSize, imageSize: options.imageSize)
        }
        learner = setup.learner
        state = setup.state
        firstEpoch = run?.firstEpoch ?? 0
        self.observers = setup.observers
        savedFiles = run == nil ? [] : Set(setup.folder.existingWeights)
    }

    /// Trains all epochs, then validates the best weights.
    @discardableResult
    public func run() throws -> TrainingOutcome {
        defer { observers { $0.teardown() } }
        do {
            return try trainAllEpochs()
        } catch where error.isOutOfMemory {
            throw TrainingError.outOfMemory(
                device: setup.compute.description, batchSize: options.batchSize, imageSize: setup.plan.imageSize)
        }
    }

    private func trainAllEpochs() throws -> TrainingOutcome {
        let start = ContinuousClock.now
        observers { $0.trainingDidStart(setup.plan) }
        for epoch in min(firstEpoch, options.epochs)..<options.epochs {
            let losses = try trainEpoch(epoch)
            let report = try validates(after: epoch) ? validate() : nil
            if let report { state.classPrecisions = report.classPrecisions }
            let isBest = state.record(fitness: report?.mean.fitness ?? 0, epoch: epoch)
            tellEpochEnd(epoch, losses, report, isBest: isBest)
            if saves(after: epoch) { try save(after: epoch, isBest: isBest) }
        }

        try stripWeights()
        let pictures = try validateBest()
        let folder = setup.folder
        let outcome = TrainingOutcome(
            epochs: options.epochs, duration: start.duration(to: .now), weights: savedWeights.map(folder.displayPath),
            pictures: pictures.map(folder.displayPath), folder: folder.displayPath(folder.url))
        observers { $0.trainingDidEnd(outcome) }
        return outcome
    }

    // MARK: One epoch

    private func trainEpoch(_ epoch: Int) throws -> LossItems {
        let position = EpochPosition(epoch: epoch, epochs: options.epochs, batches: setup.loader.batchCount)
        observers { $0.epochDidStart(position) }
        try learner.beginEpoch()
        var losses = RunningLosses()  // stays on the device
        var pace = ProgressPace()
        var wait = DataWait()
        var batches = setup.loader.batches(epoch: epoch, imageWeights: imageWeights)
        while let batch = try wait.measure({ try batches.next() }) {
            batch.warnings.forEach(Warning.print)
            let place = BatchPosition(batch: batch.index, epoch: position)
            observers { $0.batchDidStart(place) }
            var images = try batch.imageTensor(on: setup.compute.device)
            if let multiScale = setup.multiScale { images = try multiScale.resized(images, epoch: epoch, batch: batch.index) }
            let gain = Double(batch.sampleCount) / Double(batch.count)
            try losses.add(learner.learn(from: images, batch.targets, gain: gain, at: place, &state))
            let isLast = batch.index + 1 == position.batches
            try tellBatchEnd(
                batch, at: place, imageSize: images.shape[3], waitShare: wait.share,
                meanLosses: pace.isDue() || isLast || observers.needEveryLoss ? losses.mean() : nil)
        }
        observers { $0.epochDidEnd(position) }
        return try losses.mean()
    }

    /// How often the epoch sees each image, by what the latest validation found (`--image-weights`).
    private var imageWeights: [Double]? {
        guard let weights = setup.imageWeights else { return nil }
        let known = state.classPrecisions.count == weights.classWeights.count
        let precisions = known ? state.classPrecisions : Array(repeating: 0, count: weights.classWeights.count)
        return weights.imageWeights(classWeights: weights.trainingClassWeights(precisions))
    }

    private func tellBatchEnd(
        _ batch: Batch, at place: BatchPosition, imageSize: Int, waitShare: Double, meanLosses: LossItems?
    ) throws {
        if let meanLosses, !meanLosses.isFinite {
            throw TrainingError.lossNotFinite(epoch: place.epoch.epoch, batch: place.batch)
        }
        let memory = meanLosses == nil ? 0 : try setup.compute.device.reservedMemory()
        let report = BatchReport(
            position: place, instances: batch.targets.count, imageSize: imageSize, deviceMemory: memory,
            waitShare: waitShare, meanLosses: meanLosses)
        observers { $0.batchDidEnd(report) }
    }

    private func tellEpochEnd(_ epoch: Int, _ losses: LossItems, _ report: ValidationReport?, isBest: Bool) {
        let summary = EpochSummary(
            position: EpochPosition(epoch: epoch, epochs: options.epochs, batches: setup.loader.batchCount), losses: losses,
            validation: report, learningRates: learner.optimizer.groups.map(\.learningRate), isBest: isBest)
        observers { $0.fitEpochDidEnd(summary) }
    }

    // MARK: Validation and weights

    private func validates(after epoch: Int) -> Bool {
        !options.validatesOnlyAtEnd || epoch + 1 == options.epochs
    }

    private func saves(after epoch: Int) -> Bool {
        !options.savesOnlyAtEnd || epoch + 1 == options.epochs
    }

    private func validate() throws -> ValidationReport {
        try setup.validator.evaluate(learner.ema.model, criterion: setup.criterion)
    }

    /// Writes best.pt, after the best epoch so far, and last.pt: all that a training needs to go on.
    ///
    /// In this order: a run that is killed in between goes on from the last.pt before, and comes to the same best.pt again.
    private func save(after epoch: Int, isBest: Bool) throws {
        let record = OptionsFile.record(options, folder: setup.folder.displayPath(setup.folder.url))
        let checkpoint = try learner.checkpoint(after: epoch, state, options.hyperparameters, options: record)
        for (file, isWanted) in [(setup.folder.bestWeights, isBest), (setup.folder.lastWeights, true)] where isWanted {
            try checkpoint.write(to: file.path)
            savedFiles.insert(file)
            let saved = SavedModel(path: setup.folder.displayPath(file), epoch: epoch, isBest: file == setup.folder.bestWeights)
            observers { $0.modelDidSave(saved) }
        }
    }

    /// Leaves in the weights files of a finished run what is needed to use the model.
    private func stripWeights() throws {
        for file in savedWeights { try Checkpoint(path: file.path).stripped().write(to: file.path) }
    }

    /// The weights files that this run has written, best.pt first.
    private var savedWeights: [URL] {
        [setup.folder.bestWeights, setup.folder.lastWeights].filter(savedFiles.contains)
    }

    /// Reads the best weights back and validates them once more, with the table of classes.
    /// - Returns: pictures of the predictions.
    private func validateBest() throws -> [URL] {
        guard let weights = savedWeights.first else { return [] }
        let model = try DetectionModel(Checkpoint(path: weights.path))
        try model.move(to: setup.compute.device)
        try model.useChannelsLast()
        let title = "Validating \(setup.folder.displayPath(weights))..."
        let report = try setup.validator.evaluate(model, title: title)
        return try setup.folder.writeRecords(of: report, images: setup.validator.firstImages)
    }
}
