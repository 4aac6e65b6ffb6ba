import Foundation
import GoldenFixtures
import Testing
import YOLOModel

@testable import YOLOTraining

@Suite("Schedule", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ScheduleGoldenTests {
    @Test("the rate falls along a line or a cosine to lrf", arguments: Schedule.Decay.allCases, [0.01, 0.1])
    func decay(_ decay: Schedule.Decay, _ final: Double) throws {
        let expected = try #require(Fixtures.tensors("schedule")["lr_lambda.\(decay.rawValue).lrf\(final)"]).doubles
        var hyperparameters = Hyperparameters()
        hyperparameters.finalLearningRateFactor = final
        let schedule = Schedule(hyperparameters, epochs: 300, batchesPerEpoch: 8, batchSize: 16, decay: decay)
        for (epoch, value) in expected.enumerated() {
            #expect(abs(schedule.factor(epoch: epoch) - value) < 1e-12, "epoch \(epoch)")
        }
    }

    @Test(
        "warm-up moves rates, momentum and accumulation; afterwards accumulation stays",
        arguments: [
            ("nb8_bs16_epochs3", 8, 16, 3, Schedule.Decay.linear), ("nb8_bs16_epochs300", 8, 16, 300, .linear),
            ("nb1000_bs16_epochs3", 1000, 16, 3, .linear), ("nb8_bs16_epochs300_cos", 8, 16, 300, .cosine),
            ("nb30_bs40_epochs20", 30, 40, 20, .linear), ("nb200_bs64_epochs3", 200, 64, 3, .linear),
            ("nb8_bs4_epochs300", 8, 4, 300, .linear),
        ])
    func warmup(_ name: String, _ batches: Int, _ batchSize: Int, _ epochs: Int, _ decay: Schedule.Decay) throws {
        let golden = try #require(Fixtures.tensors("schedule")["warmup.\(name)"])
        let facts = try Fixtures.json("schedule")["warmup"][name]
        let schedule = Schedule(
            Hyperparameters(), epochs: epochs, batchesPerEpoch: batches, batchSize: batchSize, decay: decay)
        #expect(schedule.warmupIterations == facts["nw"].int)

        let rows = golden.doubles
        var lastUpdate = -1
        var updates = 0
        for iteration in 0..<golden.shape[0] {
            let row = Array(rows[iteration * 8..<iteration * 8 + 8])
            let rates = schedule.rates(iteration: iteration)
            let found = [rates.biasLearningRate, rates.learningRate, rates.learningRate, rates.momentum, Double(rates.accumulation)]
            for (value, expected) in zip(found, row[2...6]) {
                #expect(abs(value - expected) < 1e-12, "iteration \(iteration)")
            }
            if iteration - lastUpdate >= rates.accumulation {
                lastUpdate = iteration
                updates += 1
            }
        }
        #expect(updates == facts["optimizer_steps"].int)
    }

    @Test("loss gains and weight decay are scaled to the network and the batch")
    func scaling() throws {
        let golden = try #require(Fixtures.tensors("schedule")["hyp_scaling"])
        let rows = golden.doubles
        for start in stride(from: 0, to: rows.count, by: 9) {
            let row = Array(rows[start..<start + 9])
            let given = Hyperparameters()
            let scaled = given.lossOptions(outputLevels: Int(row[2]), classCount: Int(row[0]), imageSize: Int(row[1]))
            #expect(given.accumulation(batchSize: Int(row[3])) == Int(row[4]))
            let found = [given.weightDecay(batchSize: Int(row[3])), scaled.boxGain, scaled.classGain, scaled.objectnessGain]
            for (value, expected) in zip(found, row[5...8]) {
                #expect(abs(value - expected) < 1e-12, "row \(start / 9)")
            }
        }
    }
}
