import Detection
import Foundation

/// Shows a run on the console as users of the reference know it.
///
/// On a terminal every epoch and every validation is a line with a live bar. Elsewhere (a file, a pipe, a job's log) a training
/// step is a plain line of its own, without control characters.
public final class ConsoleObserver: TrainingObserver {
    private let terminal: Terminal
    private let showsClasses: Bool
    private var meter = ProgressMeter(total: 0)
    private var isPartOfEpoch = false
    private var isTraining = false

    /// - Parameter showsClasses: a line for each class in the table of a `val`, also for data sets of 50 classes and more (`--verbose`).
    public init(_ terminal: Terminal = .standardOutput(), showsClasses: Bool = false) {
        self.terminal = terminal
        self.showsClasses = showsClasses
    }

    /// A log has a line for every step; a terminal's line is only drawn as often as an eye can follow.
    public var needsEveryLoss: Bool { !terminal.isInteractive }

    // MARK: Set-up

    public func setupDidStart(_ run: RunDescription) {
        printSettings(run.command, run.options)
        if !run.hyperparameters.isEmpty { printSettings("hyperparameters", run.hyperparameters) }
        if !run.environment.isEmpty { terminal.print(run.environment) }
    }

    public func parametersDidChange(_ change: ParameterChange) {
        terminal.print("\(terminal.bold(change.name + ":")) \(change.value) (\(change.reason))")
    }

    public func dataScanDidAdvance(_ scan: DataScan) {
        guard terminal.isInteractive, scan.total > 0 else { return }
        if scan.done == 0 { meter = ProgressMeter(total: scan.total) }
        let counts = "\(scan.found) found, \(scan.missing) missing, \(scan.empty) empty, \(scan.corrupt) corrupt"
        terminal.redraw("\(scan.name): reading labels... \(counts): \(meter.bar(done: scan.done))")
        if scan.done == scan.total { terminal.print() }
    }

    public func imageCacheDidAdvance(_ filling: CacheFilling) {
        guard terminal.isInteractive, filling.total > 0 else { return }
        if filling.done == 0 { meter = ProgressMeter(total: filling.total) }
        terminal.redraw("\(filling.name): caching images... \(meter.bar(done: filling.done))")
        if filling.done == filling.total { terminal.print() }
    }

    public func setupDidEnd(_ plan: TrainingPlan) {
        terminal.print(plan.modelSummary)
        if !plan.weightsSummary.isEmpty { terminal.print(plan.weightsSummary) }
        if !plan.anchorsSummary.isEmpty { terminal.print("\(terminal.bold("anchors:")) \(plan.anchorsSummary)") }
        terminal.print("\(terminal.bold("optimizer:")) \(plan.optimizerSummary)")
        terminal.print("\(terminal.bold("device:")) \(plan.device)")
        for summary in plan.dataSummaries { terminal.print("\(terminal.bold("data:")) \(summary)") }
    }

    public func trainingDidStart(_ plan: TrainingPlan) {
        isTraining = true
        terminal.print("Image sizes \(plan.imageSize) train, \(plan.imageSize) val")
        for summary in plan.cacheSummaries { terminal.print("Cached \(summary)") }
        terminal.print("Using \(plan.workers) loader threads")
        terminal.print("Logging results to \(terminal.bold(plan.folder))")
        terminal.print("Starting training for \(plan.epochs) epochs...")
    }

    // MARK: Epochs

    public func epochDidStart(_ epoch: EpochPosition) {
        let titles = ["Epoch", "GPU_mem", "box_loss", "obj_loss", "cls_loss", "Instances", "Size"]
        terminal.print("\n" + titles.map { $0.leftPadded(to: 11) }.joined())
        meter = ProgressMeter(total: epoch.batches)
    }

    public func batchDidEnd(_ batch: BatchReport) {
        guard let losses = batch.meanLosses else { return }
        let line = ConsoleObserver.line(batch, losses)
        let done = batch.position.batch + 1
        let wait = "data \(Int((batch.waitShare * 100).rounded()))%"
        if terminal.isInteractive {
            terminal.redraw("\(line): \(meter.bar(done: done)) \(wait)")
        } else {
            terminal.print("\(line): \(meter.counts(done: done)) \(wait)")
        }
    }

    public func epochDidEnd(_ epoch: EpochPosition) {
        if terminal.isInteractive { terminal.print() }
    }

    static func line(_ batch: BatchReport, _ losses: LossItems) -> String {
        let epoch = batch.position.epoch
        let numbers = [losses.box, losses.objectness, losses.classification].map { String(format: "%.4g", $0) }
        let memory = String(format: "%.3gG", Double(batch.deviceMemory) / 1e9)
        let cells = ["\(epoch.epoch)/\(epoch.epochs - 1)", memory] + numbers + ["\(batch.instances)", "\(batch.imageSize)"]
        return cells.map { $0.leftPadded(to: 11) }.joined()
    }

    // MARK: Validation

    public func validationDidStart(_ plan: ValidationPlan) {
        isPartOfEpoch = plan.title == nil
        if let title = plan.title { terminal.print("\n" + title) }
        meter = ProgressMeter(total: plan.batches)
        if !terminal.isInteractive { terminal.print(ResultsTable.header) }
    }

    public func validationBatchDidEnd(_ batch: ValidationBatch) {
        if terminal.isInteractive { terminal.redraw("\(ResultsTable.header): \(meter.bar(done: batch.index + 1))") }
    }

    public func validationDidEnd(_ report: ValidationReport) {
        if terminal.isInteractive { terminal.print() }
        terminal.print(ResultsTable.summary(report))
        guard !isPartOfEpoch else { return }
        // The end of a training is worth all lines.
        if report.classNames.count > 1 && (showsClasses || isTraining || report.classNames.count < 50) {
            for line in ResultsTable.classes(report) { terminal.print(line) }
        }
        let speed = report.speed
        let shape = speed.batchShape.map(String.init).joined(separator: ", ")
        terminal.print(
            String(
                format: "Speed: %.1fms pre-process, %.1fms inference, %.1fms NMS per image",
                speed.preprocess, speed.inference, speed.nonMaximumSuppression) + (shape.isEmpty ? "" : " at shape (\(shape))"))
        if let figures = report.coco {
            terminal.print("\nCOCO's evaluation (its AP is 'map' in metrics.json, AP at 0.50 'map50'; the table counts as YOLOv5 does):")
            terminal.print(figures.description)
        }
    }

    // MARK: The end

    public func trainingDidEnd(_ outcome: TrainingOutcome) {
        let hours = String(format: "%.3f", outcome.duration.seconds / 3600)
        switch outcome.ending {
        case .lastEpoch, .requested: break
        case .noImprovement(let epoch, let patience):
            terminal.print(
                "\nStopped early: no improvement in the last \(patience) epochs. The best results are those of epoch \(epoch), in best.pt.")
            terminal.print("--patience N waits for N epochs, --patience 0 for ever.")
        case .interrupted: return  // whoever asked for it says so
        }
        terminal.print("\n\(outcome.epochs) epochs completed in \(hours) hours.")
        for weights in outcome.weights { terminal.print("Weights saved to \(terminal.bold(weights))") }
        for picture in outcome.pictures { terminal.print("Picture drawn: \(terminal.bold(picture))") }
        terminal.print("Results saved to \(terminal.bold(outcome.folder))")
    }

    private func printSettings(_ title: String, _ settings: [Setting]) {
        let list = settings.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        terminal.print("\(terminal.bold(title + ":")) \(list)")
    }
}
