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
///     let outcome = try Trainer(options, observers: [ConsoleObserver()]).run()
///     print(outcome.best?.mean.map50 ?? 0)
///
/// All tensor work happens on the thread that calls it.
/// Source: `train` of the reference's `train.py`; what comes before its epoch loop is `TrainingSetup`, the body of its batch loop is
/// `Learner.learn`, and it saves in `CheckpointWriter`.
public final class Trainer {
    private let options: TrainingOptions
    private let setup: TrainingSetup
    let learner: Learner
    private let observers: Observers
    private var state: TrainingState
    private var losses: RunningLosses
    private var watch = LossWatch()
    private let stopping: EarlyStopping
    private var writer: CheckpointWriter?
    /// Where training goes back to from a loss that is no number: where the run began, then the end of each epoch.
    private var lastGood: Checkpoint?

    /// Reads data and weights and makes the run's folder; nothing is trained yet.
    /// - Throws: for every file or option that is wrong, before anything is written.
    public convenience init(_ options: TrainingOptions, observers: [any TrainingObserver]) throws {
        try self.init(options, .newRun, observers)
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
        try self.init(run.options, .resume(run), observers)
    }

    /// - Parameter purpose: what becomes of the run's files.
    init(_ options: TrainingOptions, _ purpose: TrainingSetup.Purpose, _ observers: [any TrainingObserver]) throws {
        self.observers = Observers(observers)
        do {
            setup = try TrainingSetup(options, purpose, self.observers)
        } catch {
            self.observers { try $0.teardown() }
            guard error.isOutOfMemory else { throw error }
            throw TrainingError.outOfMemory(
                device: "the device", batchSize: options.batchSize, imageSize: options.imageSize)
        }
        self.options = setup.options
        learner = setup.learner
        state = setup.state
        losses = setup.losses
        stopping = EarlyStopping(patience: options.patience)
        guard purpose.keepsFiles else { return }
        let writer = CheckpointWriter(
            setup.folder, options.savingPlan, continues: purpose.continues, tell: self.observers,
            snapshot: { [unowned self] in try snapshot() })
        self.observers.add(writer)
        self.writer = writer
    }

    /// Trains all epochs, then validates the best weights.
    @discardableResult
    public func run() throws -> TrainingOutcome {
        defer { observers { try $0.teardown() } }
        do {
            return try train()
        } catch where error.isOutOfMemory {
            throw TrainingError.outOfMemory(
                device: setup.compute.description, batchSize: options.batchSize, imageSize: setup.plan.imageSize)
        }
    }

    private func train() throws -> TrainingOutcome {
        let start = ContinuousClock.now
        observers { [plan = setup.plan] in try $0.trainingDidStart(plan) }
        defer { _ = setup.pictures?.finish() }
        var outcome = TrainingOutcome(epochs: state.epoch, duration: .zero, weights: [], folder: setup.folder.display)
        var failure: (any Error)?
        do {
            lastGood = try snapshot()
            (outcome.ending, outcome.best) = try trainAllEpochs()
            if let writer {
                try writer.finish()
                outcome.best = try validateBest(of: writer.weights)
                do {
                    if let best = outcome.best { try setup.folder.writeRecords(of: best) }
                } catch {
                    failure = error  // the run is told to its end first
                }
                setup.pictures?.drawResults()
                outcome.pictures = (setup.pictures?.finish() ?? []).map(setup.folder.displayPath)
            }
        } catch is Interruption {
            outcome.ending = .interrupted
            writer?.saveWithinEpoch(state.epoch, batches: state.batch)
            try writer?.throwFailure()
        }
        outcome.epochs = state.epoch
        outcome.duration = start.duration(to: .now)
        outcome.weights = (writer?.weights ?? []).map(setup.folder.displayPath)
        observers { [outcome] in try $0.trainingDidEnd(outcome) }
        if let failure { throw failure }
        return outcome
    }

    /// - Returns: why there are no further epochs, and the latest validation.
    private func trainAllEpochs() throws -> (TrainingOutcome.Ending, ValidationReport?) {
        var report: ValidationReport?
        var ending = hasStalledBefore ? noImprovement : nil
        while ending == nil, state.epoch < options.epochs {
            do {
                let means = try trainEpoch()
                (ending, report) = try finishEpoch(means)
            } catch let divergence as Divergence {
                try recover(from: divergence)
            }
        }
        return (ending ?? .lastEpoch, report)
    }

    // MARK: One epoch

    /// - Returns: mean losses.
    /// - Throws: `Divergence`, `Interruption`.
    private func trainEpoch() throws -> LossItems {
        let epoch = position
        observers { try $0.epochDidStart(epoch) }
        if state.batch == 0 {
            try learner.beginEpoch()
            losses = RunningLosses()
        }
        watch = LossWatch()
        var pace = ProgressPace()
        var wait = DataWait()
        var batches = setup.loader.batches(epoch: state.epoch, from: state.batch, imageWeights: imageWeights)
        while let batch = try wait.measure({ try batches.next() }) {
            batch.warnings.forEach(Warning.print)
            guard !state.skipsBatch else {
                state.skipBatch()
                continue
            }
            let place = BatchPosition(batch: batch.index, epoch: epoch)
            observers { try $0.batchDidStart(place) }
            setup.pictures?.drawBatch(batch, iteration: place.iteration)
            var images = try batch.imageTensor(on: setup.compute.device)
            if let multiScale = setup.multiScale { images = try multiScale.resized(images, epoch: state.epoch, batch: batch.index) }
            let gain = Double(batch.sampleCount) / Double(batch.count)
            let items = try learner.learn(from: images, batch.targets, gain: gain, at: place, &state)
            state.endBatch()
            try losses.add(items)
            watch.add(items, of: batch, at: place)

            let saves = options.saves(after: place)
            let isRead = pace.isDue() || state.batch == epoch.batches || saves || observers.needEveryLoss
            if isRead { try watch.check() }
            if saves { try checkWeights() }
            try tellBatchEnd(batch, at: place, imageSize: images.shape[3], waitShare: wait.share, isRead: isRead)
            if observers.stopRequest == .now {
                try watch.check()
                try checkWeights()
                throw Interruption()
            }
        }
        try watch.check()
        observers { try $0.epochDidEnd(epoch) }
        return try losses.mean()
    }

    /// Validates, and tells whoever saves.
    private func finishEpoch(_ means: LossItems) throws -> (TrainingOutcome.Ending?, ValidationReport?) {
        try checkWeights()
        let isRequested = observers.stopRequest == .afterEpoch
        var isLast = state.epoch + 1 == options.epochs || isRequested
        let report = isLast || !options.validatesOnlyAtEnd ? try validate() : nil
        if let report { state.classPrecisions = report.classPrecisions }
        let isBest = state.record(fitness: report?.mean.fitness ?? 0)
        let hasStalled = report != nil && stopping.isDue(after: state.epoch, bestEpoch: state.bestEpoch)
        isLast = isLast || hasStalled

        let summary = EpochSummary(
            position: position, losses: means, validation: report, learningRates: learner.learningRates(at: state.iteration - 1),
            isBest: isBest, isLast: isLast)
        state.endEpoch()
        lastGood = try snapshot()
        observers { try $0.fitEpochDidEnd(summary) }  // the checkpoints are written here
        guard isLast, state.epoch < options.epochs else { return (nil, report) }
        return (hasStalled ? noImprovement : .requested, report)
    }

    private var noImprovement: TrainingOutcome.Ending { .noImprovement(since: state.bestEpoch, patience: stopping.patience) }

    /// A run that was killed between its last epoch and its end has nothing more to learn.
    private var hasStalledBefore: Bool {
        state.epoch > 0 && state.batch == 0 && !options.validatesOnlyAtEnd
            && stopping.isDue(after: state.epoch - 1, bestEpoch: state.bestEpoch)
    }

    /// Nothing is saved, and nothing gone back to, that is NaN or infinite.
    private func checkWeights() throws {
        guard try learner.isFinite() else { throw watch.divergenceOfWeights(in: position) }
    }

    private var position: EpochPosition {
        EpochPosition(epoch: state.epoch, epochs: options.epochs, batches: setup.loader.batchCount)
    }

    /// How often the epoch sees each image, by what the latest validation found (`--image-weights`).
    private var imageWeights: [Double]? {
        guard let weights = setup.imageWeights else { return nil }
        let known = state.classPrecisions.count == weights.classWeights.count
        let precisions = known ? state.classPrecisions : Array(repeating: 0, count: weights.classWeights.count)
        return weights.imageWeights(classWeights: weights.trainingClassWeights(precisions))
    }

    private func tellBatchEnd(
        _ batch: Batch, at place: BatchPosition, imageSize: Int, waitShare: Double, isRead: Bool
    ) throws {
        let report = BatchReport(
            position: place, instances: batch.targets.count, imageSize: imageSize,
            deviceMemory: isRead ? try setup.compute.device.reservedMemory() : 0, waitShare: waitShare,
            meanLosses: isRead ? try losses.mean() : nil)
        observers { try $0.batchDidEnd(report) }
    }

    // MARK: Validation and weights

    private func validate() throws -> ValidationReport {
        try setup.validator.evaluate(learner.ema.model, criterion: setup.criterion)
    }

    /// All that a training needs to go on from here. At the end of an epoch the copy is made once.
    private func snapshot() throws -> Checkpoint {
        if state.batch == 0, let lastGood, lastGood.epoch == state.epoch - 1 { return lastGood }
        let record = OptionsFile.record(options, folder: setup.folder.display)
        return try learner.checkpoint(state, losses, options.hyperparameters, options: record)
    }

    /// Reads the best weights back and validates them once more, with the table of classes.
    private func validateBest(of weights: [URL]) throws -> ValidationReport? {
        guard let weights = weights.first else { return nil }
        let model = try DetectionModel(Checkpoint(path: weights.path))
        try model.move(to: setup.compute.device)
        try model.useChannelsLast()
        return try setup.finalValidation.run(
            model, of: weights, with: setup.validator, in: setup.folder, pictures: setup.pictures)
    }

    // MARK: Losses that are no numbers

    /// Goes back to the last good state and trains on in another way; the second time there is none.
    private func recover(from divergence: Divergence) throws {
        let place = divergence.position
        guard state.recovery == nil, let lastGood else {
            throw TrainingError.lossNotFinite(divergence.description, precision: learner.compute.precision.rawValue)
        }
        let usesFloat32 = learner.compute.precision != .float32
        if usesFloat32 {
            try learner.useFloat32()
            setup.validator.useFloat32()
        }
        try learner.goBack(to: lastGood)
        state = try TrainingState(resuming: lastGood, batchesPerEpoch: setup.loader.batchCount)
        losses = try RunningLosses(resuming: lastGood, on: setup.compute.device)
        state.recover(by: usesFloat32 ? .float32 : .without(epoch: place.epoch.epoch, batch: place.batch))
        let change = usesFloat32 ? "in float32" : "without that batch"
        self.lastGood = nil
        self.lastGood = try snapshot()
        Warning.print(
            "the \(divergence.description); training goes back to epoch \(state.epoch), batch \(state.batch), and on \(change)")
    }

}

/// A run ends in the middle, because an observer asked for it.
struct Interruption: Error {}

extension TrainingOptions {
    fileprivate var savingPlan: CheckpointWriter.Plan {
        CheckpointWriter.Plan(onlyAtEnd: savesOnlyAtEnd, steps: saveSteps, period: savePeriod)
    }

    /// Whether `--save-steps` writes weights after a batch: never any whose loss nobody has looked at.
    fileprivate func saves(after batch: BatchPosition) -> Bool {
        saveSteps > 0 && (batch.iteration + 1).isMultiple(of: saveSteps)
    }
}
