import Foundation
import GoldenFixtures
import Testing

@testable import YOLOTraining

@Suite("Evolution")
struct EvolutionTests {
    @Test(
        "children differ from their parents, lie within the limits and have five decimals",
        arguments: [ParentSelection.single, .weighted])
    func children(_ selection: ParentSelection) throws {
        let study = try EvolutionStudy()
        let summary = try study.run(study.evolution(seed: 5, selection: selection), generations: 40)
        let rows = try study.table().rows
        #expect(summary.rows == 40 && rows.count == 40)
        let variables = SearchSpace().variables
        for candidate in study.candidates {
            for (variable, value) in zip(variables, candidate.ordered) {
                #expect(variable.limits.contains(value), "\(variable.name) of generation \(candidate.generation)")
                #expect(abs((value * 1e5).rounded() - value * 1e5) < 1e-6)
                if variable.gain == 0 { #expect(value == EvolutionStudy.values[variable.name]) }
            }
            for parent in candidate.parents {
                #expect(rows[parent].values != rows[candidate.generation].values)
            }
        }
        #expect(Set(rows.map(\.values)).count == 40)
        #expect(study.candidates[0].parents.isEmpty)
        #expect(study.candidates.dropFirst().allSatisfy { selection == .weighted || $0.parents.count == 1 })
        let best = try #require(summary.best)
        #expect(best.result.fitness > rows[0].result.fitness)
        #expect(best.result.fitness == rows.map(\.result.fitness).max())
    }

    @Test("draws that limits or rounding undo are drawn again")
    func undone() {
        // At their upper limits, so that only a factor below 1 changes anything.
        let space = SearchSpace()
        let parent = space.variables.map(\.limits.upperBound)
        var draws: any EvolutionDraws = ScriptedDraws(normals: [1, 1, -1])
        let child = Mutation.child(of: parent, in: space, &draws)
        #expect(child != parent)
        #expect(zip(child, parent).allSatisfy { $0 <= $1 })
        #expect((draws as? ScriptedDraws)?.normals.isEmpty == true)
    }

    @Test("rows depend on the seed alone")
    func seeds() throws {
        func table(seed: UInt64) throws -> String {
            let study = try EvolutionStudy()
            try study.run(study.evolution(seed: seed), generations: 8)
            return try study.text("evolve.csv")
        }
        let first = try table(seed: 1)
        #expect(try table(seed: 1) == first)
        #expect(try table(seed: 2) != first)
    }

    @Test("an evolution that was stopped goes on as if it had not been", arguments: 0..<5)
    func continuing(_ generation: Int) throws {
        struct Crash: Error {}
        let whole = try EvolutionStudy(), stopped = try EvolutionStudy()
        try whole.run(generations: 5)
        #expect(throws: Crash.self) {
            try stopped.run(generations: 5) { values, current in
                if current == generation { throw Crash() }
                return EvolutionStudy.train(values, current)
            }
        }
        let summary = try stopped.run(generations: 5)
        #expect(summary.trained == 5 - generation)
        for name in ["evolve.csv", "hyp_evolve.yaml", "evolve.json"] { #expect(try stopped.text(name) == whole.text(name)) }
        // Nothing is left to do, and nothing is done.
        #expect(try stopped.run(generations: 5).trained == 0)
    }

    @Test("it can be stopped between generations")
    func stopping() throws {
        let study = try EvolutionStudy()
        var trained = 0
        let summary = try study.evolution().run(generations: 9, shouldStop: { trained == 3 }) {
            trained += 1
            return EvolutionStudy.train($0, $1)
        }
        #expect(summary.trained == 3 && summary.rows == 3 && !summary.isComplete)
    }

    @Test("a candidate whose loss is not finite gets a row of zeros, and evolution goes on")
    func failedCandidates() throws {
        let study = try EvolutionStudy()
        try study.run(generations: 6) { values, generation in
            if generation == 2 { throw TrainingError.lossNotFinite("loss became NaN or infinite in epoch 0, batch 3", precision: "float32") }
            if generation == 3 { return EvolutionResult([.nan, 0, 0, 0, .nan, .nan, .nan]) }
            return EvolutionStudy.train(values, generation)
        }
        let rows = try study.table().rows
        #expect(rows.count == 6)
        #expect(rows.map { $0.result == .failed } == [false, false, true, true, false, false])
        let failures = study.events.compactMap { if case .generationEnded(_, _, let failure) = $0 { failure } else { nil } }
        #expect(failures.count == 2 && failures[0].contains("NaN") && failures[1] == "the results are not finite")
    }

    @Test("any other error ends it without a row")
    func otherErrors() throws {
        let study = try EvolutionStudy()
        let missing = TrainingError.fileNotFound(what: "file", path: "x", advice: "look")
        #expect(throws: missing) { try study.run(generations: 3) { _, _ in throw missing } }
        #expect(!FileManager.default.fileExists(atPath: study.folder.appendingPathComponent("evolve.csv").path))
    }

    @Test("where nothing is usable, children are mutations of the given values")
    func nothingUsable() throws {
        let study = try EvolutionStudy()
        try study.run(generations: 1)
        let lines = try study.text("evolve.csv").split(separator: "\n")
        let broken = "                 nan" + lines[1].dropFirst(20)
        try study.write("\(lines[0])\n\(broken)\n", to: "evolve.csv")
        let summary = try study.run(generations: 2)
        let child = try #require(study.candidates.last)
        #expect(child.generation == 1 && child.parents.isEmpty)
        #expect(child.ordered != study.candidates[0].ordered)
        #expect(summary.best?.generation == 1)
    }
}

@Suite("Parents")
struct ParentSelectionTests {
    private static func row(_ map: Double, lr0: Double = 0.01) -> EvolutionTable.Row {
        var values = SearchSpace().start(from: EvolutionStudy.values)
        values[0] = lr0
        return EvolutionTable.Row(EvolutionResult([0.5, 0.5, map, map, 0.1, 0.1, 0.1]), values)
    }

    @Test("the five best are candidates, the global best first, by how much fitter they are than the last")
    func candidates() throws {
        let rows = [0.3, 0.1, .nan, 0.5, 0.2, 0.4, 0.05, 0.5].map { Self.row($0) }
        #expect(ParentSelection.ranking(of: rows) == [3, 7, 5, 0, 4, 1, 6])
        var draws: any EvolutionDraws = ScriptedDraws(chosen: 3)
        let parent = try #require(ParentSelection.single.parent(among: rows, &draws))
        #expect(parent.rows == [0])
        let weights = try #require((draws as? ScriptedDraws)?.weights)
        #expect(zip(weights, [0.3, 0.3, 0.2, 0.1, 0]).allSatisfy { abs($0 - $1 - 1e-6) < 1e-12 })
        #expect(weights.count == 5)
    }

    @Test("the weighted mean of two rows")
    func weighted() throws {
        var draws: any EvolutionDraws = ScriptedDraws()
        let rows = [Self.row(0.2, lr0: 0.01), Self.row(0.4, lr0: 0.03)]
        let parent = try #require(ParentSelection.weighted.parent(among: rows, &draws))
        // The weights are 0.200001 and 0.000001.
        #expect(abs(parent.values[0] - (0.03 * 0.200001 + 0.01 * 0.000001) / 0.200002) < 1e-12)
        #expect(parent.rows == [1, 0])
    }

    @Test("rows that are not finite are no parents, and there may be none")
    func none() {
        var draws: any EvolutionDraws = ScriptedDraws()
        #expect(ParentSelection.single.parent(among: [Self.row(.nan), Self.row(.infinity)], &draws) == nil)
    }

    @Test("a seeded choice is as frequent as its weight")
    func frequencies() {
        var counts = [0, 0, 0]
        for generation in 0..<4000 {
            var draws = SeededDraws(seed: 3, generation: generation)
            counts[draws.choice(weights: [3, 0, 1])] += 1
        }
        #expect(counts[1] == 0)
        #expect(abs(counts[0] - 3000) < 150)
    }
}

/// Draws that change everything, by given numbers.
private struct ScriptedDraws: EvolutionDraws {
    /// One a round, for all variables.
    var normals: [Double] = []
    var chosen = 0
    var weights: [Double] = []
    private var drawn = 0

    init(normals: [Double] = [], chosen: Int = 0) { (self.normals, self.chosen) = (normals, chosen) }

    mutating func choice(weights: [Double]) -> Int {
        self.weights = weights
        return chosen
    }

    func uniform() -> Double { 0.5 }

    mutating func normal() -> Double {
        drawn += 1
        let number = normals[0]
        if drawn % SearchSpace().variables.count == 0 { normals.removeFirst() }
        return number
    }
}
