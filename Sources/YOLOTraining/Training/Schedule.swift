import Foundation

/// Learning rates, momentum and gradient accumulation of every iteration, as a pure function of its number.
///
/// Over the first `warmupIterations` everything moves linearly: the rates of weights and norms rise from zero, that of the
/// biases falls from `warmup_bias_lr`, momentum rises from `warmup_momentum`, and an update is made of ever more batches up to
/// the nominal batch. Afterwards the rate changes once an epoch. Source: the epoch loop of the reference's `train.py`.
package struct Schedule: Sendable {
    /// How the learning rate falls from `lr0` to `lr0 * lrf` over the epochs.
    package enum Decay: String, Sendable, CaseIterable {
        case linear, cosine
    }

    /// What the optimiser uses at one iteration.
    package struct Rates: Sendable, Equatable {
        package var biasLearningRate: Double
        package var learningRate: Double
        package var momentum: Double
        /// Batches between two weight updates.
        package var accumulation: Int
    }

    package let epochs: Int
    package let batchesPerEpoch: Int
    package let warmupIterations: Int
    private let hyperparameters: Hyperparameters
    private let decay: Decay
    private let batchesPerUpdate: Double

    package init(
        _ hyperparameters: Hyperparameters, epochs: Int, batchesPerEpoch: Int, batchSize: Int, decay: Decay = .linear
    ) {
        self.hyperparameters = hyperparameters
        self.epochs = epochs
        self.batchesPerEpoch = batchesPerEpoch
        self.decay = decay
        batchesPerUpdate = hyperparameters.nominalBatchSize / Double(batchSize)
        // 100: on a small set three epochs are over before momentum has built up
        let wanted = (hyperparameters.warmupEpochs * Double(batchesPerEpoch)).rounded(.toNearestOrEven)
        warmupIterations = max(Int(wanted), 100)
    }

    /// Share of the initial learning rate at `epoch`: 1 at epoch 0, `lrf` at the epoch after the last.
    package func factor(epoch: Int) -> Double {
        let progress = Double(epoch) / Double(epochs)
        let final = hyperparameters.finalLearningRateFactor
        return switch decay {
        case .linear: (1 - progress) * (1 - final) + final
        case .cosine: (1 - cos(progress * .pi)) / 2 * (final - 1) + 1
        }
    }

    /// The rates at `iteration`, counted from the beginning of the run.
    package func rates(iteration: Int) -> Rates {
        let rate = hyperparameters.initialLearningRate * factor(epoch: iteration / batchesPerEpoch)
        let position = min(iteration, warmupIterations)
        func warmedUp(from start: Double, to end: Double) -> Double {
            position == warmupIterations ? end : (end - start) / Double(warmupIterations) * Double(position) + start
        }
        return Rates(
            biasLearningRate: warmedUp(from: hyperparameters.warmupBiasLearningRate, to: rate),
            learningRate: warmedUp(from: 0, to: rate),
            momentum: warmedUp(from: hyperparameters.warmupMomentum, to: hyperparameters.momentum),
            accumulation: max(1, Int(warmedUp(from: 1, to: batchesPerUpdate).rounded(.toNearestOrEven))))
    }
}
