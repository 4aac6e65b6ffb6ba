import GoldenFixtures
import Testing

@testable import YOLOTraining

@Suite("Early stopping")
struct EarlyStoppingTests {
    /// What training does with these fitnesses: the best epoch after each, and the epoch after which it ends.
    private func run(_ fitnesses: [Double], patience: Int) -> (bestEpochs: [Int], end: Int?) {
        var state = TrainingState()
        let stopping = EarlyStopping(patience: patience)
        var bestEpochs: [Int] = []
        for fitness in fitnesses {
            _ = state.record(fitness: fitness)
            bestEpochs.append(state.bestEpoch)
            if stopping.isDue(after: state.epoch, bestEpoch: state.bestEpoch) { return (bestEpochs, state.epoch) }
            state.endEpoch()
        }
        return (bestEpochs, nil)
    }

    @Test("training ends as in the reference while no fitness comes twice", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
    func golden() throws {
        let golden = try Fixtures.json("schedule")["early_stopping"]
        let rows = golden["rows"].array.map { (fitness: $0.array[1].double, stop: $0.array[2].bool, best: $0.array[3].int) }
        // The reference's list has 0.2 twice at its start, which it takes for an improvement: see the next test.
        let distinct = rows.enumerated().map { $0.offset == 2 ? 0.201 : $0.element.fitness }
        let (bestEpochs, end) = run(distinct, patience: golden["patience"].int)
        #expect(end == rows.firstIndex { $0.stop })
        #expect(bestEpochs == rows.prefix(bestEpochs.count).map(\.best))
    }

    @Test("a plateau is no improvement; before anything is found, nothing ends")
    func plateau() {
        #expect(run([0.1, 0.2, 0.2, 0.2, 0.2], patience: 3).end == 4)
        #expect(run([0, 0, 0, 0, 0, 0, 0.1], patience: 3).end == nil)
        #expect(run([0.2, 0.1, 0.1, 0.1, 0.1], patience: 0).end == nil)
    }
}
