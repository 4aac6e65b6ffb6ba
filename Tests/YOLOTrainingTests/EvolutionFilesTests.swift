import Foundation
import GoldenFixtures
import Testing

@testable import YOLOTraining

@Suite("Files of an evolution")
struct EvolutionFilesTests {
    @Test("a last line that was cut off is left out with one warning", arguments: [1, 5, 21, 22, 400])
    func brokenEnd(_ missing: Int) throws {
        let study = try EvolutionStudy()
        try study.run(generations: 4)
        let whole = try study.text("evolve.csv")
        let record = try study.text("evolve.json")
        try study.write(String(whole.dropLast(missing)), to: "evolve.csv")
        // Of the record too, as if Python's trainer had written the row.
        var entries = try StudyRecord(json: Data(record.utf8))
        entries.rows.removeLast()
        try study.write(String(decoding: try entries.json, as: UTF8.self), to: "evolve.json")

        let summary = try study.run(generations: 5)
        let isCut = missing > 1  // without its line break alone, a line is whole
        #expect(study.warnings.count == (isCut ? 1 : 0))
        #expect(summary.trained == (isCut ? 2 : 1))
        #expect(try study.text("evolve.csv").hasPrefix(whole))
    }

    @Test("the last number cut short is not taken for another number")
    func narrowNumber() throws {
        let study = try EvolutionStudy()
        try study.run(generations: 2)
        let whole = try study.text("evolve.csv").dropLast()  // …  3.7986
        let table = try EvolutionTable(String(whole.dropLast(2)), file: "evolve.csv", SearchSpace())
        #expect(table.rows.count == 1 && table.lacksBrokenLine)
        #expect(try EvolutionTable(String(whole), file: "evolve.csv", SearchSpace()).rows.count == 2)
    }

    @Test("what is no row elsewhere stops the evolution before it begins, with the line")
    func brokenMiddle() throws {
        let study = try EvolutionStudy()
        try study.run(generations: 3)
        var lines = try study.text("evolve.csv").split(separator: "\n").map(String.init)
        func message(_ line: String) throws -> String? {
            lines[2] = line
            try study.write(lines.joined(separator: "\n") + "\n", to: "evolve.csv")
            let error = #expect(throws: TrainingError.self) {
                try study.run(generations: 4) { _, _ in
                    Issue.record("nothing may be trained")
                    return .failed
                }
            }
            return error?.description
        }
        let row = lines[2]
        #expect(try message("0.1, 0.2, 0.3")?.hasSuffix("evolve.csv': line 3 has 3 columns instead of 36; correct or delete it") == true)
        #expect(try message("x" + row.dropFirst())?.hasSuffix("line 3 holds what is no number; correct or delete it") == true)
    }

    @Test("a table with other columns is refused, and stays as it is")
    func otherColumns() throws {
        let study = try EvolutionStudy()
        try study.run(generations: 1)
        let written = try study.text("evolve.csv")
        let error = #expect(throws: TrainingError.self) { try study.run(study.evolution(anchors: false), generations: 2) }
        #expect(
            error?.description.hasSuffix(
                "it has the columns anchors, which do not evolve here; go on with --noautoanchor as it began, or take another folder")
                == true)
        #expect(try study.text("evolve.csv") == written)
        try study.write(written.replacingOccurrences(of: " hsv_h", with: "hsv_hh"), to: "evolve.csv")
        let second = #expect(throws: TrainingError.self) { try study.run(generations: 2) }
        #expect(second?.description.contains("it lacks the columns hsv_h and it has the columns hsv_hh") == true)
    }

    @Test("rows that are not finite stay in the table, and have no children")
    func notFinite() throws {
        let study = try EvolutionStudy()
        try study.run(generations: 3)
        let lines = try study.text("evolve.csv").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let cells = lines[2].split(separator: ",").map(String.init)
        let nan = (["nan", "nan", "inf", "nan"].map(EvolutionTable.aligned) + cells[4...]).joined(separator: ",")
        try study.write([lines[0], lines[1], nan, lines[3], ""].joined(separator: "\n"), to: "evolve.csv")
        let summary = try study.run(generations: 12)
        #expect(summary.rows == 12)
        #expect(try study.text("evolve.csv").contains(nan))
        #expect(study.candidates.suffix(9).allSatisfy { !$0.parents.contains(1) && !$0.parents.isEmpty })
    }

    @Test("a process that ends between record and table loses no row and doubles none", arguments: [false, true])
    func betweenTheFiles(isInTable: Bool) throws {
        let study = try EvolutionStudy()
        try study.run(generations: 4)
        let whole = (table: try study.text("evolve.csv"), record: try study.text("evolve.json"))
        var record = try StudyRecord(json: Data(whole.record.utf8))
        record.pending = [record.rows.removeLast()]
        try study.write(String(decoding: try record.json, as: UTF8.self), to: "evolve.json")
        if !isInTable {
            let lines = whole.table.split(separator: "\n").dropLast()
            try study.write(lines.map { $0 + "\n" }.joined(), to: "evolve.csv")
        }
        #expect(try study.run(generations: 4).trained == 0)
        #expect(try study.text("evolve.csv") == whole.table)
        #expect(try study.text("evolve.json") == whole.record)
    }

    @Test("a result is kept even where the table was spoilt during its training")
    func spoiltMeanwhile() throws {
        let study = try EvolutionStudy()
        #expect(throws: TrainingError.self) {
            try study.run(generations: 2) { values, generation in
                if generation == 1 {
                    let text = try study.text("evolve.csv")
                    try study.write("nonsense\n" + text, to: "evolve.csv")
                }
                return EvolutionStudy.train(values, generation)
            }
        }
        try study.write(try study.text("evolve.csv").replacingOccurrences(of: "nonsense\n", with: ""), to: "evolve.csv")
        #expect(try study.run(generations: 2).trained == 0)
        #expect(try study.table().rows.count == 2)
    }

    @Test("damaged records are written anew with one warning; rows count on")
    func damagedRecord() throws {
        let study = try EvolutionStudy()
        try study.run(generations: 3)
        try study.write("{\"rows\": [", to: "evolve.json")
        try study.run(generations: 5)
        #expect(study.warnings.count == 1)
        #expect(study.candidates.map(\.generation) == [0, 1, 2, 3, 4])
    }

    @Test("keys that do not evolve follow in hyp_evolve.yaml; small numbers are numbers to every reader")
    func carriedKeys() throws {
        let study = try EvolutionStudy()
        var values = EvolutionStudy.values
        values["weight_decay"] = 0.00001
        let evolution = Evolution(
            folder: study.folder, space: SearchSpace(), values: values, carried: [("cutout", 0.5), ("nbs", 32)], seed: 0)
        try study.run(evolution, generations: 1)
        let lines = try study.text("hyp_evolve.yaml").split(separator: "\n")
        #expect(lines.suffix(3) == ["anchors: 3.0", "cutout: 0.5", "nbs: 32.0"])
        #expect(lines.contains("weight_decay: 1.0e-05"))
    }

    @Test("claims on what is done leave no files")
    func leftovers() throws {
        let study = try EvolutionStudy()
        try study.write("", to: "evolve.1.lock")  // of a worker that was killed when its row was there
        try study.write("", to: "evolve.7.lock")  // of one whose generation is still to be done
        try study.run(generations: 3)
        let names = try FileManager.default.contentsOfDirectory(atPath: study.folder.path).sorted()
        #expect(names == ["evolve.7.lock", "evolve.csv", "evolve.json", "evolve.lock", "hyp_evolve.yaml"])
    }
}
