import Foundation
import Testing

/// `train --evolve` on eight pictures of shapes.
@Suite("Evolution command", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct EvolutionCommandTests {
    private static let limits: [(name: String, range: ClosedRange<Double>)] = [
        ("lr0", 1e-5...0.1), ("lrf", 0.01...1), ("momentum", 0.6...0.98), ("weight_decay", 0...0.001), ("warmup_epochs", 0...5),
        ("box", 0.02...0.2), ("cls", 0.2...4), ("anchor_t", 2...8), ("hsv_s", 0...0.9), ("scale", 0...0.9), ("mosaic", 0...1),
        ("anchors", 2...10),
    ]

    @Test("five generations are five rows within the limits, each unlike its parent; killed and started again, they are the same")
    func fiveGenerations() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let arguments = Workshop.arguments(epochs: 1, draws: true) + ["--evolve", "5", "--seed", "7"]
            let whole = try workshop.command.run(arguments)
            #expect(whole.status == 0, "\(whole.errors)")
            let table = try workshop.table("exp")
            #expect(table.rows.count == 5)
            for (name, range) in Self.limits {
                let column = try #require(table.columns.firstIndex(of: name))
                for row in table.rows { #expect(range.contains(row[column]), "\(name)") }
            }
            let parameters = table.rows.map { Array($0.dropFirst(7)) }
            #expect(Set(parameters).count == 5)  // so no child is its parent
            #expect(workshop.exists("runs/evolve/exp/hyp_evolve.yaml") && workshop.exists("runs/evolve/exp/evolve.png"))
            #expect(!workshop.exists("runs/evolve/exp/weights") && !workshop.exists("runs/train"))

            let killed = try workshop.command.start(arguments)
            while killed.process.isRunning, !(try String(contentsOf: killed.output, encoding: .utf8)).contains("Generation 3 of 5") { usleep(5_000) }
            kill(killed.process.processIdentifier, SIGKILL)
            _ = try killed.outcome()
            #expect(try workshop.table("exp2").rows.count == 3)
            let again = try workshop.command.run(arguments + ["--resume", "runs/evolve/exp2"])
            #expect(again.status == 0 && again.output.contains("Going on with 3 of 5 generations"), "\(again.errors)")
            for file in ["evolve.csv", "hyp_evolve.yaml"] {
                #expect(try workshop.contents("runs/evolve/exp/\(file)") == workshop.contents("runs/evolve/exp2/\(file)"))
            }

            let other = try workshop.command.run(arguments + ["--img", "96", "--resume", "runs/evolve/exp2"])
            #expect(other.status == 1 && other.errors.contains("--imgsz is 96; expected 64, with which the search"), "\(other.errors)")

            let trained = try workshop.command.run(Workshop.arguments(epochs: 1) + ["--hyp", "runs/evolve/exp/hyp_evolve.yaml"])
            #expect(trained.status == 0, "\(trained.errors)")
        }
    }

    @Test("what makes no sense beside --evolve, or without it, ends before anything is written", arguments: [
        (["--evolve", "0"], 2, "1 or more generations"), (["--bucket", "mine"], 2, "without --evolve"),
        (["--evolve", "2", "--bucket", "a b"], 1, "gs://NAME"),
    ])
    func wrong(_ arguments: [String], _ status: Int32, _ clue: String) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 1) + arguments)
            #expect(outcome.status == status && outcome.errors.contains(clue), "\(outcome.errors)")
            #expect(!workshop.exists("runs"))
        }
    }
}

extension Workshop {
    /// `evolve.csv` of a run.
    fileprivate func table(_ run: String) throws -> (columns: [String], rows: [[Double]]) {
        let text = String(decoding: try contents("runs/evolve/\(run)/evolve.csv"), as: UTF8.self)
        let lines = text.split(separator: "\n").map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
        return (lines[0], lines.dropFirst().map { $0.compactMap(Double.init) })
    }
}
