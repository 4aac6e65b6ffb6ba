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

    package init() {}

    /// Goes on after a finished epoch, with what a checkpoint of this program remembers, or with what can be told from
    /// another one's epoch.
    init(resuming checkpoint: Checkpoint, batchesPerEpoch: Int) {
        let saved = checkpoint.trainingState
        iteration = saved["iteration"]?.int ?? (checkpoint.epoch + 1) * batchesPerEpoch
        lastUpdate = saved["last_update"]?.int ?? -1
        bestEpoch = saved["best_epoch"]?.int ?? checkpoint.epoch
        bestFitness = checkpoint.bestFitness ?? 0
    }

    /// What only this program's checkpoints hold, by the keys that ``init(resuming:batchesPerEpoch:)`` looks for.
    var record: [(String, PickleValue)] {
        [("iteration", .int(iteration)), ("last_update", .int(lastUpdate)), ("best_epoch", .int(bestEpoch))]
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
