import Foundation
import Testing
import YOLOReporting

@testable import YOLOTraining

/// Writes down what it is told.
private final class Recorder: TrainingObserver {
    private(set) var points: [String] = []
    private(set) var plan: TrainingPlan?
    private(set) var batches: [BatchReport] = []
    private(set) var epochs: [EpochSummary] = []
    private(set) var saved: [SavedModel] = []
    private(set) var images: [String] = []
    private(set) var outcome: TrainingOutcome?
    /// What it asks for from such a point on.
    var wish: (point: String, request: StopRequest)?
    private(set) var stopRequest: StopRequest?

    private func note(_ point: String) {
        points.append(point)
        if let wish, wish.point == point { stopRequest = wish.request }
    }

    let needsEveryLoss = true
    func setupDidStart(_ run: RunDescription) { note("on_pretrain_routine_start") }
    func setupDidEnd(_ plan: TrainingPlan) {
        self.plan = plan
        note("on_pretrain_routine_end")
    }
    func parametersDidChange(_ change: ParameterChange) { note("on_params_update \(change.name)") }
    func trainingDidStart(_ plan: TrainingPlan) { note("on_train_start") }
    func epochDidStart(_ epoch: EpochPosition) { note("on_train_epoch_start \(epoch.epoch)") }
    func batchDidStart(_ batch: BatchPosition) { note("on_train_batch_start \(batch.iteration)") }
    func optimizerWillStep(_ batch: BatchPosition) { note("optimizer_step") }
    func gradientsWillClear(_ batch: BatchPosition) { note("on_before_zero_grad") }
    func batchDidEnd(_ batch: BatchReport) {
        batches.append(batch)
        note("on_train_batch_end \(batch.position.iteration)")
    }
    func epochDidEnd(_ epoch: EpochPosition) { note("on_train_epoch_end \(epoch.epoch)") }
    func validationDidStart(_ plan: ValidationPlan) { note("on_val_start") }
    func validationBatchDidStart(_ batch: ValidationBatch) { note("on_val_batch_start") }
    func validationImageDidEnd(_ image: ValidationImage) {
        images.append(image.path)
        note("on_val_image_end")
    }
    func validationBatchDidEnd(_ batch: ValidationBatch) { note("on_val_batch_end") }
    func validationDidEnd(_ report: ValidationReport) { note("on_val_end") }
    func fitEpochDidEnd(_ summary: EpochSummary) {
        epochs.append(summary)
        note("on_fit_epoch_end \(summary.position.epoch)")
    }
    func modelDidSave(_ model: SavedModel) {
        saved.append(model)
        note("on_model_save")
    }
    func trainingDidEnd(_ outcome: TrainingOutcome) {
        self.outcome = outcome
        note("on_train_end")
    }
    func teardown() { note("teardown") }
}

@Suite("Observers of a training", .serialized)
struct ObserverTests {
    @Test("a run passes the reference's points in their order, with what belongs to each")
    func order() throws {
        try SmallTraining.open { training in
            let recorder = Recorder()
            var options = training.options
            options.imageSize = 60
            options.hyperparameters.nominalBatchSize = 2  // an update a batch after the warm-up's first
            let outcome = try Trainer(options, observers: [recorder]).run()

            let validation = ["on_val_start", "on_val_batch_start", "on_val_batch_end", "on_val_image_end", "on_val_image_end", "on_val_end"]
            func epoch(_ number: Int) -> [String] {
                let batches = (3 * number..<3 * number + 3).flatMap {
                    ["on_train_batch_start \($0)", "optimizer_step", "on_before_zero_grad", "on_train_batch_end \($0)"]
                }
                let saved = Array(repeating: "on_model_save", count: recorder.epochs[number].isBest ? 2 : 1)
                return ["on_train_epoch_start \(number)"] + batches + ["on_train_epoch_end \(number)"] + validation
                    + ["on_fit_epoch_end \(number)"] + saved
            }
            #expect(
                recorder.points == ["on_pretrain_routine_start", "on_params_update imgsz", "on_pretrain_routine_end", "on_train_start"]
                    + epoch(0) + epoch(1) + validation + ["on_train_end", "teardown"])

            #expect(recorder.plan?.batchesPerEpoch == 3 && recorder.plan?.imageSize == 64 && recorder.plan?.classNames == ["square"])
            #expect(recorder.batches.count == 6 && recorder.batches.allSatisfy { $0.meanLosses != nil && $0.imageSize == 64 })
            #expect(recorder.batches.last?.meanLosses == recorder.epochs.last?.losses)
            #expect(recorder.epochs.map(\.isLast) == [false, true] && recorder.epochs.allSatisfy { $0.validation?.images == 2 && $0.validation?.losses != nil })
            #expect(recorder.images.count == 6 && recorder.images[0].hasSuffix("val/images/0.png"))
            #expect(recorder.saved.last?.path.hasSuffix("runs/exp/weights/last.pt") == true && recorder.saved.last?.epoch == 1)
            #expect(recorder.outcome == outcome && outcome.ending == .lastEpoch && outcome.epochs == 2 && outcome.best?.images == 2)
        }
    }

    @Test("an observer that fails hears nothing more, and the training goes on to the same weights")
    func failing() throws {
        final class Failing: TrainingObserver {
            struct Fault: Error {}
            private(set) var calls = 0
            func batchDidEnd(_ batch: BatchReport) throws {
                calls += 1
                throw Fault()
            }
            func teardown() { calls += 100 }
        }
        try SmallTraining.open { training in
            let (failing, recorder) = (Failing(), Recorder())
            let outcome = try Trainer(training.options, observers: [failing, recorder]).run()
            #expect(failing.calls == 1)
            #expect(outcome.epochs == 2 && recorder.points.last == "teardown")
        }
    }

    @Test("a request ends a training after the epoch as a finished one, or at once as one to be resumed")
    func requests() throws {
        try SmallTraining.open { training in
            var options = training.options
            options.epochs = 5
            let recorder = Recorder()
            recorder.wish = ("on_train_batch_end 4", .afterEpoch)
            let outcome = try Trainer(options, observers: [recorder]).run()
            #expect(outcome.ending == .requested && outcome.epochs == 2 && outcome.best != nil)
            #expect(throws: TrainingError.self) { try Trainer(resuming: training.root.path + "/runs/exp", observers: []) }

            for (point, epochs, batches) in [("on_train_batch_end 4", 1, 2), ("on_val_batch_start", 0, 3)] {
                let recorder = Recorder()
                recorder.wish = (point, .now)
                let stopped = try Trainer(options, observers: [recorder]).run()
                #expect(stopped.ending == .interrupted && stopped.epochs == epochs && stopped.best == nil)
                #expect(recorder.saved.last?.batches == batches && recorder.points.suffix(2) == ["on_train_end", "teardown"])
                let resumed = try Trainer(resuming: stopped.folder, observers: []).run()
                #expect(resumed.ending == .lastEpoch && resumed.epochs == 5)
            }
        }
    }

    @Test("a batch as large as memory allows is found, told, and written down")
    func batchSize() throws {
        try SmallTraining.open { training in
            var options = training.options
            options.batchSize = TrainingOptions.automaticBatchSize
            options.epochs = 1
            let recorder = Recorder()
            let outcome = try Trainer(options, observers: [recorder]).run()
            // Six images are all there are.
            #expect(recorder.plan?.batchSize == 6 && recorder.points.contains("on_params_update batch_size"))
            #expect(try OptionsFile.read(outcome.folder + "/opt.yaml").options.batchSize == 6)
        }
    }
}
