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
    /// What is not on the disk yet, oldest first, once for each file.
    private var unwritten: [Entry] = []
    /// Why it is not.
    private var failure: (any Error)?

    private struct Entry {
        let file: URL
        let checkpoint: Checkpoint
        let epoch: Int
        let batches: Int?
    }

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
        // In this order: a run that is killed in between goes on from the last.pt before, and comes to the same best.pt again.
        var files: [URL] = []
        if summary.isBest { files.append(folder.bestWeights) }
        if plan.period > 0, epoch.isMultiple(of: plan.period) { files.append(folder.weights(ofEpoch: epoch)) }
        save(in: files + [folder.lastWeights], epoch, batches: nil)
    }

    /// What an interrupted run goes on from.
    /// - Parameter batches: that are done of the epoch; none where the epoch before has just ended.
    func saveWithinEpoch(_ epoch: Int, batches: Int) {
        save(in: [folder.lastWeights], batches == 0 ? epoch - 1 : epoch, batches: batches == 0 ? nil : batches)
    }

    // MARK: How

    /// Leaves in the weights files of a finished run what is needed to use the model.
    /// - Throws: what a writing failed of that was not made up for.
    func finish() throws {
        writeAll()
        try throwFailure()
        for file in weights { try Checkpoint(path: file.path).stripped().write(to: file.path) }
    }

    /// - Throws: why something is not saved that should be.
    func throwFailure() throws {
        if let failure { throw failure }
    }

    private func save(in files: [URL], _ epoch: Int, batches: Int?) {
        do {
            let checkpoint = try snapshot()
            for file in files {
                unwritten.removeAll { $0.file == file }
                unwritten.append(Entry(file: file, checkpoint: checkpoint, epoch: epoch, batches: batches))
            }
            writeAll()
        } catch {
            note(error)
        }
    }

    /// Writes what is still to be written, the oldest first, up to the first failure.
    private func writeAll() {
        do {
            while let entry = unwritten.first {
                try entry.checkpoint.write(to: entry.file.path)
                unwritten.removeFirst()
                saved.insert(entry.file)
                let model = SavedModel(
                    path: folder.displayPath(entry.file), epoch: entry.epoch, batches: entry.batches,
                    isBest: entry.file == folder.bestWeights)
                observers { try $0.modelDidSave(model) }
            }
            failure = nil
        } catch {
            note(error)
        }
    }

    private func note(_ error: any Error) {
        if failure == nil { Warning.print("the weights were not saved; the training goes on and tries again: \(error)") }
        failure = error
    }
}
