import ArgumentParser
import Foundation

/// Measures this system and, where it is installed, the Python system on the same machine, one after the other.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yolov5-bench",
        abstract: "Compares training, loading, validation, start-up and memory with the Python system.",
        discussion: """
            Every figure is measured in a process of its own; the two systems take turns, and the best of each counts.
            """,
        subcommands: [Compare.self, Measure.self],
        defaultSubcommand: Compare.self)
}

/// The whole comparison.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs all measurements and prints one table. (default)")

    @Option(help: "Virtual environment made by Benchmarks/peer/setup; without it only this system is measured.")
    var peer: String?

    @Option(help: "Folder with data/coco128 and weights/yolov5n.pt, for the rows that need them.")
    var fixtures = ProcessInfo.processInfo.environment["YOLOV5_FIXTURES"] ?? "../shared"

    @Option(help: "Turns of each system; the best counts.")
    var rounds = 3

    @Option(help: "Only these measurements: \(Measurement.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: [Measurement] = []

    @Option(help: "Where the table goes as JSON.")
    var output = ".build/bench.json"

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("--rounds must be at least 1") }
        if let peer, !FileManager.default.isExecutableFile(atPath: Peer.python(in: peer)) {
            throw ValidationError("no Python at \(Peer.python(in: peer)); make one with: Benchmarks/peer/setup \(peer)")
        }
    }

    func run() throws {
        let fixtures = FixtureFolder(path: fixtures)
        let chosen = only.isEmpty ? Measurement.allCases : only
        var ours: [String: Double] = [:]
        var theirs: [String: Double] = [:]
        for measurement in chosen {
            if measurement.needsFixtures, !fixtures.isComplete {
                print("\(measurement.rawValue): left out, it needs data/coco128 and weights/yolov5n.pt in \(fixtures.path)")
                continue
            }
            for round in 1...rounds {
                progress("\(measurement.rawValue) \(round)/\(rounds)")
                keepBest(try measurement.measured(fixtures), in: &ours)
                if let peer { keepBest(try Peer.measured(measurement, in: peer, fixtures), in: &theirs) }
            }
        }
        let report = Report(ours: ours, theirs: theirs)
        print(report.table)
        try report.write(to: output)
        print("The same as JSON: \(output)")
    }

    private func keepBest(_ figures: [String: Double], in best: inout [String: Double]) {
        for (name, value) in figures {
            best[name] = best[name].map { Figure.isBetter(value, than: $0, name) ? value : $0 } ?? value
        }
    }

    private func progress(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}

/// One measurement inside this process, for `Compare`, which starts one process each.
struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs one measurement in this process and prints its figures as JSON.")

    @Argument(help: "\(InProcessMeasurement.allCases.map(\.rawValue).joined(separator: ", ")).")
    var what: InProcessMeasurement

    @Option(help: "Folder with data/coco128 and weights/yolov5n.pt.")
    var fixtures = "../shared"

    @Option(help: "The weights file of the measurements of checkpoints; the folder of those of reading data.")
    var file = ""

    func run() throws {
        let figures = try what.figures(FixtureFolder(path: fixtures), file: file)
        let json = try JSONSerialization.data(withJSONObject: figures, options: [.sortedKeys])
        print(String(decoding: json, as: UTF8.self))
    }
}

/// Real images and official weights, which are not part of this repository.
struct FixtureFolder {
    let path: String
    var weights: String { path + "/weights/yolov5n.pt" }
    var dataset: String { path + "/data/coco128.yaml" }
    var data: String { path + "/data/coco128" }

    var isComplete: Bool {
        [weights, dataset, data].allSatisfy(FileManager.default.fileExists)
    }
}
