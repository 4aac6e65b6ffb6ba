import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
import Torch
import YOLOModel
import YOLOReporting

@testable import YOLOTraining

/// Twenty iterations from yolov5n.pt, beside what the reference computed from the same pictures.
@Suite("Training trajectory", .serialized, .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct TrajectoryTests {
    @Test("an epoch starts without the gradients that the last one left over")
    func leftOverGradients() throws {
        let batch = try Batch(index: 0)
        let learner = try TrajectoryTests.learner(observers: Observers([]))
        var state = TrainingState()
        state.lastUpdate = 0  // just now, so that this batch makes no update
        let position = BatchPosition(batch: 0, epoch: EpochPosition(epoch: 0, epochs: 2, batches: 10))
        _ = try learner.learn(from: batch.images, batch.targets, at: position, &state)
        #expect(try !learner.optimizer.gradients().isEmpty)
        try learner.beginEpoch()
        #expect(try learner.optimizer.gradients().isEmpty)
    }

    @Test("loss, gradients, rates, weights, statistics and averages follow the reference")
    func trajectory() throws {
        let golden = try Fixtures.json("trajectory/trajectory")
        let batches = try (0..<10).map { try Batch(index: $0) }
        let norms = GradientNorms()
        let learner = try TrajectoryTests.learner(observers: Observers([norms]))
        norms.learner = learner
        var state = TrainingState()

        for (iteration, expected) in golden["iterations"].array.enumerated() {
            let batch = batches[iteration % 10]
            let position = BatchPosition(batch: iteration % 10, epoch: EpochPosition(epoch: iteration / 10, epochs: 2, batches: 10))
            norms.latest = nil
            let items = try learner.learn(from: batch.images, batch.targets, at: position, &state).array(of: Float.self)

            #expect(close(Double(items.reduce(0, +)) * 4, expected["loss"].double, relative: 2e-4), "loss of \(iteration)")
            for (item, key) in zip(items, ["box", "obj", "cls"]) {
                #expect(close(Double(item), expected[key].double, relative: 2e-4), "\(key) of \(iteration)")
            }
            #expect((norms.latest != nil) == expected["step"].bool, "step of \(iteration)")
            if let norm = norms.latest {
                #expect(close(norm, min(expected["grad_norm_before_clip"].double, 10), relative: 1e-3), "gradients of \(iteration)")
            }
            for (group, rate) in zip(learner.optimizer.groups, expected["lr"].doubles) {
                #expect(abs(group.learningRate - rate) < 1e-12)
                #expect(abs(group.momentum - expected["momentum"].double) < 1e-12)
            }
            #expect(learner.ema.updateCount == expected["ema_updates"].int)
        }

        try compare(norms.first, golden["gradients_iteration_0_before_clip"], tolerance: 1e-5)
        let weights = entries(of: learner.model), average = entries(of: learner.ema.model)
        try compare(weights, golden["parameters"], tolerance: 1e-4)
        try compare(weights, golden["bn_running"], tolerance: 5e-5)
        try compare(average, golden["ema"], tolerance: 1e-4)
        try compare(average, golden["ema_bn"], tolerance: 1e-4)
        #expect(try weights["model.0.bn.num_batches_tracked"]?.item() == golden["num_batches_tracked"].double)
        #expect(try average["model.0.bn.num_batches_tracked"]?.item() == golden["ema_num_batches_tracked"].double)
        let momenta = Dictionary(uniqueKeysWithValues: learner.optimizer.state().map { ($0.parameter, $0.value) })
        try compare(momenta, golden["momentum_buffers"], tolerance: 1e-3)
    }

    /// A learner with the settings of the golden run.
    private static func learner(observers: Observers) throws -> Learner {
        let hyperparameters = Hyperparameters()
        let model = try DetectionModel(Checkpoint(path: Fixtures.weights.appendingPathComponent("yolov5n.pt").path))
        try model.useChannelsLast()
        let criterion = try DetectionLoss(
            model: model, options: hyperparameters.lossOptions(outputLevels: 3, classCount: 80, imageSize: 256))
        let groups = ParameterGroups(
            model.stateEntries(), hyperparameters, weightDecay: hyperparameters.weightDecay(batchSize: 4))
        let schedule = Schedule(hyperparameters, epochs: 2, batchesPerEpoch: 10, batchSize: 4)
        return try Learner(
            model, optimizer: .sgd, criterion: criterion, groups: groups, schedule: schedule, on: ComputeDevice("cpu", .fp32),
            observers: observers)
    }

    private func entries(of model: DetectionModel) -> [String: Tensor] {
        Dictionary(uniqueKeysWithValues: model.stateEntries().map { ($0.name, $0.tensor) })
    }

    /// Compares sixteen elements of each tensor; where float32 and float64 differ by more in the reference itself, five times that.
    private func compare(_ tensors: [String: Tensor], _ golden: JSON, tolerance: Double) throws {
        for name in golden.keys {
            let expected = golden[name]
            let values = try #require(tensors[name]).contiguous().array(of: Float.self)
            let deviation = expected["max_abs_f32_minus_f64"].exists ? expected["max_abs_f32_minus_f64"].double : 0
            #expect(values.count == expected["numel"].int)
            for (index, value) in zip(expected["index"].ints, expected["value"].doubles) {
                #expect(abs(Double(values[index]) - value) <= max(tolerance, 5 * deviation), "\(name)[\(index)]")
            }
        }
    }

    private func close(_ found: Double, _ expected: Double, relative: Double) -> Bool {
        abs(found - expected) <= relative * abs(expected)
    }

    /// Reads the gradients after clipping, when the optimiser is about to step. (In this run no norm reaches 10, so none is cut.)
    private final class GradientNorms: TrainingObserver {
        weak var learner: Learner?
        var latest: Double?
        /// Of the first step, by parameter.
        private(set) var first: [String: Tensor] = [:]

        func optimizerWillStep(_ batch: BatchPosition) {
            guard let groups = learner?.optimizer.groups else { return }
            var sumOfSquares = 0.0
            for (name, parameter) in groups.flatMap({ zip($0.names, $0.parameters) }) {
                guard let gradient = try? parameter.gradient(), let norm = try? gradient.norm().item() else { continue }
                sumOfSquares += norm * norm
                if batch.iteration == 0 { first[name] = try? gradient.cloned() }
            }
            latest = sumOfSquares.squareRoot()
        }
    }

    private struct Batch {
        let images: Tensor
        let targets: [GroundTruth]

        init(index: Int) throws {
            let picture = try ImageFile.decode(Fixtures.golden.appendingPathComponent("trajectory/batch\(index).png").path)
            let bytes = try Tensor(picture.pixels, shape: [4, 256, 256, 3]).permuted([0, 3, 1, 2])
            images = try bytes.to(.float32) / 255
            let rows = try #require(Fixtures.tensors("trajectory/trajectory")["targets\(index)"])
            targets = (0..<rows.shape[0]).map { row in
                let row = rows.row(row)
                return GroundTruth(
                    image: Int(row[0]), classIndex: Int(row[1]),
                    box: .init(centerX: row[2], centerY: row[3], width: row[4], height: row[5]))
            }
        }
    }
}
