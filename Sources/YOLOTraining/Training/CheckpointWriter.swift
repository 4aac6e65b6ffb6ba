import Foundation
import YOLOModel
import YOLOReporting

/// Writes `last.pt`, `best.pt` and `epochN.pt` into the run's folder as the run goes.
///
/// A disk that is full, say, stops no training: the next time may do. What is still missing at the end is an error.
final class CheckpointWriter: TrainingObserver {
    /// When to write; the best and the last epoch are always written.
    struct Plan: Sendable, Hashable {
        /// After the last epoch only (`--nosave`).
        var onlyAtEnd = false
        /// Batches between two writings within an epoch (`--save-steps`); 0 for none.
        var steps = 0
        /// Epochs between two `epochN.pt` (`--save-period`); none below 1.
        var period = -1
    }

    private let folder: RunFolder
    private let plan: Plan
    /// The state of the training at this moment.
    private let snapshot: () throws -> Checkpoint
    private let observers: Observers
    /// Files that this run has written, or found when it went on.
    private var saved: Set<URL>
    /// Why the latest writing failed.
    private var failure: (any Error)?

    init(
        _ folder: RunFolder, _ plan: Plan, continues: Bool, tell observers: Observers, snapshot: @escaping () throws -> Checkpoint
    ) {
        self.folder = folder
        self.plan = plan
        self.snapshot = snapshot
        self.observers = observers
        saved = continues ? Set(folder.existingWeights) : []
    }

    /// Weights files that are there, best.pt first.
    var weights: [URL] { [folder.bestWeights, folder.lastWeights].filter(saved.contains) }

    // MARK: When

    func batchDidEnd(_ report: BatchReport) {
        let done = report.position.batch + 1
        guard plan.steps > 0, (report.position.iteration + 1).isMultiple(of: plan.steps), done < report.position.epoch.batches
        else { return }
        saveWithinEpoch(report.position.epoch.epoch, batches: done)
    }

    func fitEpochDidEnd(_ summary: EpochSummary) {
        guard !plan.onlyAtEnd || summary.isLast else { return }
        let epoch = summary.position.epoch
        attempt {
            let checkpoint = try snapshot()
            // In this order: a run that is killed in between goes on from the last.pt before, and comes to the same best.pt again.
            if summary.isBest { try write(checkpoint, to: folder.bestWeights, epoch) }
            if plan.period > 0, epoch.isMultiple(of: plan.period) { try write(checkpoint, to: folder.weights(ofEpoch: epoch), epoch) }
            try write(checkpoint, to: folder.lastWeights, epoch)
        }
    }

    /// What an interrupted run goes on from.
    func saveWithinEpoch(_ epoch: Int, batches: Int) {
        attempt { try write(snapshot(), to: folder.lastWeights, epoch, batches: batches) }
    }

    // MARK: How

    /// Leaves in the weights files of a finished run what is needed to use the model.
    /// - Throws: what the latest writing failed of.
    func finish() throws {
        if let failure { throw failure }
        for file in weights { try Checkpoint(path: file.path).stripped().write(to: file.path) }
    }

    /// What an interruption was not able to save.
    func throwFailure() throws {
        if let failure { throw failure }
    }

    private func attempt(_ work: () throws -> Void) {
        do {
            try work()
            failure = nil
        } catch {
            if failure == nil { Warning.print("the weights were not saved; the training goes on and tries again: \(error)") }
            failure = error
        }
    }

    private func write(_ checkpoint: Checkpoint, to file: URL, _ epoch: Int, batches: Int? = nil) throws {
        try checkpoint.write(to: file.path)
        saved.insert(file)
        let model = SavedModel(
            path: folder.displayPath(file), epoch: epoch, batches: batches, isBest: file == folder.bestWeights)
        observers { try $0.modelDidSave(model) }
    }
}
