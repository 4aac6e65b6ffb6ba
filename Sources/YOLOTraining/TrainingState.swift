import PyTorchFile
import YOLOModel

/// What a run changes besides weights: where it stands and how good it has been.
package struct TrainingState: Sendable, Hashable {
    /// Batches since the run began.
    package var iteration = 0
    /// The iteration of the latest weight update; -1 before the first.
    package var lastUpdate = -1
    /// The highest fitness so far, and the epoch that it belongs to.
    package private(set) var bestFitness = 0.0
    package private(set) var bestEpoch = 0

    /// AP@.5:.95 of each class at the latest validation, for `--image-weights`; empty before it.
    package var classPrecisions: [Double] = []

    package init() {}

    /// Goes on after a finished epoch, with what a checkpoint of this program remembers besides; another one's optimizer steps
    /// at the first batch.
    /// - Throws: `TrainingError.cannotResume` for numbers that no training has.
    init(resuming checkpoint: Checkpoint, batchesPerEpoch: Int) throws(TrainingError) {
        func number(_ name: String, _ value: Int?, in range: ClosedRange<Int>) throws(TrainingError) -> Int? {
            guard let value, !range.contains(value) else { return value }
            throw .cannotResume(path: checkpoint.path, reason: "its '\(name)' is \(value), which no training has")
        }
        let saved = checkpoint.trainingState
        _ = try number("updates", checkpoint.averageUpdates, in: 0...(1 << 40))
        let pending = try number("batches_since_update", saved["batches_since_update"]?.int, in: 0...(1 << 20))
        let epoch = checkpoint.epoch  // checked by InterruptedRun
        iteration = (epoch + 1) * batchesPerEpoch
        lastUpdate = pending.map { iteration - $0 } ?? -1
        bestEpoch = try number("best_epoch", saved["best_epoch"]?.int, in: 0...epoch) ?? epoch
        classPrecisions = (saved["class_precisions"]?.list ?? []).map { min(max($0.double ?? 0, 0), 1) }
        bestFitness = checkpoint.bestFitness.map { $0.isFinite ? $0 : 0 } ?? 0
    }

    /// What only this program's checkpoints hold, by the keys that ``init(resuming:batchesPerEpoch:)`` looks for.
    var savedEntries: [(String, PickleValue)] {
        [
            ("batches_since_update", .int(iteration - lastUpdate)), ("best_epoch", .int(bestEpoch)),
            ("class_precisions", .list(classPrecisions.map(PickleValue.double))),
        ]
    }

    /// Notes an epoch's fitness.
    ///
    /// An equal fitness is no improvement, except while nothing has been found at all: then the latest weights are the best.
    /// - Returns: whether the epoch is the best so far.
    package mutating func record(fitness: Double, epoch: Int) -> Bool {
        guard fitness.isFinite, fitness > bestFitness || bestFitness == 0 else { return false }
        bestFitness = fitness
        bestEpoch = epoch
        return true
    }
}
