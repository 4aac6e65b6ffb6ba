import Foundation
import GoldenFixtures
import Testing

@testable import YOLOTraining

@Suite("Evolution beside the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct EvolutionGoldenTests {
    @Test("with the reference's draws, the same hyperparameters and files come out", arguments: [false, true])
    func replay(keepsAnchors: Bool) throws {
        let golden = try Fixtures.json("evolve/evolve")
        let run = try #require(golden["runs"].array.first { $0["noautoanchor"].bool == keepsAnchors })
        let generations = run["generations"].array
        let study = try EvolutionStudy()
        let file = generations[0]["hyp"]
        var evolution = study.evolution(
            anchors: !keepsAnchors,
            values: Dictionary(uniqueKeysWithValues: file.keys.filter { $0 != "anchors" }.map { ($0, file[$0].double) }))
        let replays = generations.map(ReplayedDraws.Record.init)
        evolution.draws = { ReplayedDraws(record: replays[$0]) }

        try study.run(evolution, generations: generations.count) { values, generation in
            let expected = generations[generation]["hyp"]
            #expect(values.keys.sorted() == expected.keys)
            for (name, value) in values {
                #expect(abs(value - expected[name].double) < 1e-5, "\(name) of generation \(generation)")
            }
            return EvolutionResult(generations[generation]["results"].doubles)
        }
        for replay in replays { #expect(replay.isUsedUp) }

        let prefix = keepsAnchors ? "no_anchors." : ""
        for name in ["evolve.csv", "hyp_evolve.yaml"] {
            let expected = Fixtures.golden.appendingPathComponent("evolve/\(prefix)\(name)")
            #expect(try study.text(name) == String(contentsOf: expected, encoding: .utf8))
        }
    }

    @Test("a table of Python's trainer goes on, its rows counting as generations")
    func continuing() throws {
        let written = try EvolutionStudy.writtenByPython()
        let study = try EvolutionStudy()
        try study.write(written, to: "evolve.csv")
        let summary = try study.run(generations: 10)
        #expect(study.candidates.map(\.generation) == [8, 9])
        #expect(study.candidates.allSatisfy { !$0.parents.isEmpty })
        #expect(try study.text("evolve.csv").hasPrefix(written))
        #expect(summary.rows == 10 && summary.trained == 2 && summary.isComplete)
        #expect(study.events.first == .continuing(rows: 8, generations: 10))
    }

    @Test("a table keeps the order of its columns, wherever 'anchors' stood in the file")
    func columnOrder() throws {
        func moved(_ line: Substring) -> String {
            var cells = line.split(separator: ",").map(String.init)
            cells.insert(cells.removeLast(), at: 21)  // behind anchor_t, as in a file with the line
            return cells.joined(separator: ",") + "\n"
        }
        let usual = try EvolutionStudy(), other = try EvolutionStudy()
        let written = try EvolutionStudy.writtenByPython()
        try usual.write(written, to: "evolve.csv")
        try other.write(written.split(separator: "\n").map(moved).joined(), to: "evolve.csv")
        for study in [usual, other] { try study.run(generations: 10) }
        #expect(try other.text("evolve.csv") == usual.text("evolve.csv").split(separator: "\n").map(moved).joined())
        let keys = try other.text("hyp_evolve.yaml").split(separator: "\n").map { $0.prefix { $0 != ":" } }
        #expect(try #require(keys.firstIndex(of: "anchors")) == (try #require(keys.firstIndex(of: "anchor_t"))) + 1)
    }
}

/// The draws that the reference made in a generation.
private struct ReplayedDraws: EvolutionDraws {
    final class Record {
        var choices: [Int]
        var uniforms: [Double] = []
        var normals: [Double] = []

        init(_ generation: JSON) {
            choices = generation["choice"].array.map { $0[0].int }
            for draw in generation["draws"].array {
                let isScalar = !draw[1].exists
                switch draw[0].string {
                case "random": uniforms += isScalar ? [draw[2].double] : draw[2].doubles
                default: normals += draw[2].doubles
                }
            }
        }

        var isUsedUp: Bool { choices.isEmpty && uniforms.isEmpty && normals.isEmpty }
    }

    let record: Record

    func choice(weights: [Double]) -> Int { record.choices.removeFirst() }
    func uniform() -> Double { record.uniforms.removeFirst() }
    func normal() -> Double { record.normals.removeFirst() }
}
