import PyTorchFile
import YOLOModel

/// What a run changes besides weights: where it stands and how good it has been.
package struct TrainingState: Sendable, Hashable {
    /// The epoch at hand, from 0.
    package private(set) var epoch = 0
    /// Batches of it that are done.
    package private(set) var batch = 0
    /// Batches since the run began.
    package var iteration = 0
    /// The iteration of the latest weight update; -1 before the first.
    package var lastUpdate = -1
    /// The highest fitness so far, and the epoch that it belongs to.
    package private(set) var bestFitness = 0.0
    package private(set) var bestEpoch = 0

    /// AP@.5:.95 of each class at the latest validation, for `--image-weights`; empty before it.
    package var classPrecisions: [Double] = []

    /// How training went on after a loss that was no number; nil where there was none.
    package private(set) var recovery: Recovery?

    /// What is different since training went back to its last good state.
    package enum Recovery: Sendable, Hashable {
        /// Everything is computed in float32.
        case float32
        /// This batch is left out.
        case without(epoch: Int, batch: Int)
    }

    package init() {}

    // MARK: Progress

    /// Whether the batch at hand is learnt from.
    var skipsBatch: Bool { recovery == .without(epoch: epoch, batch: batch) }

    /// Notes a batch that was left out.
    mutating func skipBatch() {
        iteration += 1
        batch += 1
    }

    /// Notes a batch that has been learnt from; its iteration is counted already.
    mutating func endBatch() { batch += 1 }

    mutating func endEpoch() {
        epoch += 1
        batch = 0
    }

    mutating func recover(by recovery: Recovery) { self.recovery = recovery }

    /// Notes the fitness of the epoch at hand.
    ///
    /// An equal fitness is no improvement, except while nothing has been found at all: then the latest weights are the best.
    /// - Returns: whether the epoch is the best so far.
    package mutating func record(fitness: Double) -> Bool {
        guard fitness.isFinite, fitness > bestFitness || bestFitness == 0 else { return false }
        bestFitness = fitness
        bestEpoch = epoch
        return true
    }

    // MARK: In checkpoints

    /// Goes on from a checkpoint, with what one of this program remembers besides; another one's optimizer steps at the first batch.
    /// - Throws: `TrainingError.cannotResume` for numbers that no training has.
    init(resuming checkpoint: Checkpoint, batchesPerEpoch: Int) throws(TrainingError) {
        func number(_ name: String, _ value: Int?, in range: ClosedRange<Int>) throws(TrainingError) -> Int? {
            guard let value, !range.contains(value) else { return value }
            throw .cannotResume(path: checkpoint.path, reason: "its '\(name)' is \(value), which this training cannot have")
        }
        let saved = checkpoint.trainingState
        _ = try number("updates", checkpoint.averageUpdates, in: 0...(1 << 40))
        let pending = try number("batches_since_update", saved["batches_since_update"]?.int, in: 0...(1 << 20))
        epoch = checkpoint.epoch + 1  // checked by InterruptedRun
        batch = try number("batch", saved["batch"]?.int, in: 0...batchesPerEpoch) ?? 0
        iteration = epoch * batchesPerEpoch + batch
        lastUpdate = pending.map { iteration - $0 } ?? -1
        bestEpoch = try number("best_epoch", saved["best_epoch"]?.int, in: 0...max(epoch - 1, 0)) ?? max(epoch - 1, 0)
        classPrecisions = (saved["class_precisions"]?.list ?? []).map { min(max($0.double ?? 0, 0), 1) }
        bestFitness = checkpoint.bestFitness.map { $0.isFinite ? $0 : 0 } ?? 0
        if let left = saved["without"]?.list?.compactMap(\.int), left.count == 2 {
            recovery = .without(epoch: left[0], batch: left[1])
        } else if saved["float32"] != nil {
            recovery = .float32
        }
    }

    /// What only this program's checkpoints hold, by the keys that ``init(resuming:batchesPerEpoch:)`` looks for.
    var savedEntries: [(String, PickleValue)] {
        var entries: [(String, PickleValue)] = [
            ("batch", .int(batch)), ("batches_since_update", .int(iteration - lastUpdate)), ("best_epoch", .int(bestEpoch)),
            ("class_precisions", .list(classPrecisions.map(PickleValue.double))),
        ]
        switch recovery {
        case .float32: entries.append(("float32", true))
        case .without(let epoch, let batch): entries.append(("without", [.int(epoch), .int(batch)]))
        case nil: break
        }
        return entries
    }
}

extension Checkpoint {
    /// Batches that are done of the epoch after the last finished one; 0 in what Python writes.
    var startedBatches: Int { trainingState["batch"]?.int ?? 0 }
}
