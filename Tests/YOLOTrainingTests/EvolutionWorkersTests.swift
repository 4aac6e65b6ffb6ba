import Dispatch
import Foundation
import GoldenFixtures
import Synchronization
import Testing

@testable import YOLOTraining

@Suite("Workers on one evolution")
struct EvolutionWorkersTests {
    @Test("several share the generations, each trained once")
    func sharing() throws {
        let study = try EvolutionStudy()
        let trained = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            do {
                let summary = try study.run(generations: 24) { values, generation in
                    trained.withLock { $0.append(generation) }
                    Thread.sleep(forTimeInterval: 0.003)
                    return EvolutionStudy.train(values, generation)
                }
                // Who has nothing left to do waits for the others.
                #expect(summary.isComplete && summary.rows == 24)
            } catch { Issue.record(error) }
        }
        #expect(trained.withLock { $0.sorted() } == Array(0..<24))
        let record = try StudyRecord(json: Data(try study.text("evolve.json").utf8))
        #expect(record.rows.map(\.generation).sorted() == Array(0..<24))
        let rows = try study.table().rows
        #expect(record.rows.map(\.row) == rows.map(\.cells))
        for candidate in study.candidates {
            let entry = try #require(record.rows.first { $0.generation == candidate.generation })
            #expect(entry.parents == candidate.parents)
            #expect(entry.row.suffix(29).map { Double($0) } == candidate.ordered.map { Double(EvolutionTable.text($0)) })
        }
        #expect(study.warnings.isEmpty)
    }

    @Test("a generation that another process trains is left to it, and taken over when that is killed")
    func takingOver() throws {
        let study = try EvolutionStudy()
        try study.run(generations: 1)
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/bin/bash")
        let claim = study.folder.appendingPathComponent("evolve.1.lock").path
        other.arguments = ["-c", "exec 9>\"$0\" && flock 9 && echo locked && exec sleep 60", claim]
        let output = Pipe()
        other.standardOutput = output
        try other.run()
        defer { other.terminate() }
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "locked\n")

        // The third generation is free, the second is not: after the third one waits.
        let summary = try study.evolution().run(
            generations: 3,
            report: { event in
                guard case .waiting(let generations) = event else { return }
                #expect(generations == [1])
                #expect((try? study.table().rows.count) == 2)
                kill(other.processIdentifier, SIGKILL)
            }, train: EvolutionStudy.train)
        #expect(summary.isComplete && summary.trained == 2)
        let record = try StudyRecord(json: Data(try study.text("evolve.json").utf8))
        #expect(record.rows.map(\.generation) == [0, 2, 1])
    }

    @Test("what is random in a generation does not depend on who trains it, or after whom")
    func draws() {
        func numbers(_ generation: Int) -> [Double] {
            var draws = SeededDraws(seed: 7, generation: generation)
            return [draws.uniform(), draws.normal(), Double(draws.choice(weights: [1, 1, 1, 1]))]
        }
        #expect(numbers(3) == numbers(3))
        #expect(numbers(3) != numbers(4))
    }
}
