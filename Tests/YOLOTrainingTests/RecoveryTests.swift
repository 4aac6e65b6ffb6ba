import Foundation
import PyTorchFile
import Testing
import Torch
import YOLOModel
import YOLOReporting

@testable import YOLOTraining

/// What becomes of a training in which something goes wrong once.
@Suite("Recovery of a training", .serialized)
struct RecoveryTests {
    /// Makes one weight NaN, at one batch, once.
    private final class Poison: TrainingObserver {
        weak var trainer: Trainer?
        private var isSpent = false

        func optimizerWillStep(_ batch: BatchPosition) throws {
            guard !isSpent, batch.iteration == 3, let parameter = trainer?.learner.optimizer.parameters.first else { return }
            isSpent = true
            try parameter.setGradient(Tensor.full(parameter.shape, .nan))
        }
    }

    @Test("after a loss that is no number training goes back, and on to finite weights", arguments: [PrecisionMode.fp32, .bf16])
    func goesBack(precision: PrecisionMode) throws {
        try SmallTraining.open { training in
            var options = training.options
            options.precision = precision
            options.hyperparameters.nominalBatchSize = 2  // an update a batch
            let poison = Poison()
            let trainer = try Trainer(options, observers: [poison])
            poison.trainer = trainer
            let outcome = try trainer.run()
            #expect(outcome.ending == .lastEpoch && outcome.epochs == 2)
            #expect(trainer.learner.compute.precision == .float32)
            let weights = try Checkpoint(path: outcome.folder + "/weights/last.pt").weights()
            #expect(weights.entries.allSatisfy { $0.tensor.doubles.allSatisfy(\.isFinite) })
            let results = try String(contentsOfFile: outcome.folder + "/results.csv", encoding: .utf8)
            #expect(results.split(separator: "\n").count == 3 && !results.contains("nan"))
        }
    }

    @Test("weights that could not be written are written as soon as they can be")
    func writesLater() throws {
        /// Gives way for `best.pt` after the second epoch.
        final class Obstacle: TrainingObserver {
            let folder: URL
            init(_ folder: URL) throws {
                self.folder = folder
                try FileManager.default.createDirectory(at: folder.appendingPathComponent("full"), withIntermediateDirectories: true)
            }
            func fitEpochDidEnd(_ summary: EpochSummary) throws {
                if summary.position.epoch == 1 { try FileManager.default.removeItem(at: folder) }
            }
        }
        try SmallTraining.open { training in
            var options = training.options
            options.reusesFolder = true
            let best = training.root.appendingPathComponent("runs/exp/weights/best.pt", isDirectory: true)
            let outcome = try Trainer(options, observers: [Obstacle(best)]).run()
            #expect(outcome.ending == .lastEpoch && outcome.weights.count == 2)
            #expect(try Checkpoint(path: best.path).epoch == -1)
        }
    }
}
