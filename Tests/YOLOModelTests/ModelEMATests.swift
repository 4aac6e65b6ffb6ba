import Foundation
import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

@Suite("Moving average of the weights")
struct ModelEMATests {
    private func model() throws -> DetectionModel {
        try DetectionModel(ModelConfiguration(yaml: ModelConfigurationTests.small, source: "small.yaml"))
    }

    @Test("The decay grows as the reference's", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
    func decay() throws {
        let golden = try Fixtures.tensors("schedule")
        let average = try ModelEMA(of: model())
        for (update, expected) in zip(try #require(golden["ema.updates"]).ints, try #require(golden["ema.decay"]).doubles) {
            #expect(abs(average.decay(at: update) - expected) < 1e-12)
        }
        for (index, expected) in try #require(golden["ema.decay_first"]).doubles.enumerated() {
            #expect(abs(average.decay(at: index + 1) - expected) < 1e-12)
        }
    }

    @Test("Weights and statistics follow; the count of batches stays")
    func update() throws {
        let model = try model()
        var average = try ModelEMA(of: model)
        let before = try average.model.stateEntries().map { try $0.tensor.array(of: Float.self) }
        try withoutGradients { () throws(TorchError) in
            for entry in model.stateEntries() { try entry.tensor.add(Tensor.ones([], entry.tensor.scalarType)) }
        }
        try average.update(from: model)
        #expect(average.updateCount == 1)
        let share = Float(1 - 0.9999 * (1 - exp(-1.0 / 2000)))
        for (entry, before) in zip(average.model.stateEntries(), before) {
            let step: Float = entry.tensor.scalarType.isFloatingPoint ? share : 0
            let after: [Float] = try entry.tensor.array()
            for (after, before) in zip(after, before) { #expect(abs(after - before - step) < 1e-5) }
        }
    }

    @Test("The average owns its memory, keeps the layout, and does not learn")
    func independence() throws {
        let model = try model()
        try model.useChannelsLast()
        let average = try ModelEMA(of: model)
        for (copy, original) in zip(average.model.stateEntries(), model.stateEntries()) {
            #expect(copy.name == original.name)
            #expect(copy.tensor.strides == original.tensor.strides)
            #expect(!copy.tensor.requiresGradient)
            let before: [Float] = try copy.tensor.array()
            try withoutGradients { () throws(TorchError) in try original.tensor.fill(3) }
            #expect(try copy.tensor.array(of: Float.self) == before)
        }
        #expect(!model.parameters().contains { !$0.requiresGradient })
    }
}
