import Foundation
import Testing

/// The flags of `train` that decide what its batches are made of.
@Suite("Loading flags", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct LoadingFlagsTests {
    private static let combinations = [
        ["--rect"], ["--quad"], ["--image-weights"], ["--multi-scale"], ["--single-cls"],
        ["--image-weights", "--quad", "--multi-scale", "--albumentations", "--hyp", "hyp.scratch-high.yaml"],
    ]

    @Test("every way of loading trains, another way each, and the same with any workers and caches", arguments: combinations)
    func modes(flags: [String]) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            func train(_ name: String, _ arguments: [String]) throws -> [[Double]] {
                let outcome = try workshop.command.run(Workshop.arguments(epochs: 2) + ["--name", name] + arguments)
                #expect(outcome.status == 0, "\(outcome.errors)")
                return try workshop.numbers(of: name)
            }
            let plain = try train("plain", ["--workers", "1"])
            let one = try train("one", flags + ["--workers", "1"])
            #expect(one != plain)
            #expect(try train("two", flags + ["--workers", "2", "--cache", "ram"]) == one)
            #expect(try train("eight", flags + ["--workers", "8", "--cache", "disk"]) == one)
        }
    }

    @Test("a training that was killed goes on with its way of loading, bit for bit", arguments: [
        ["--rect", "--single-cls"], ["--image-weights", "--quad", "--multi-scale", "--cache", "ram", "--cache-ram", "1MB"],
    ])
    func resumed(flags: [String]) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let arguments = Workshop.arguments(epochs: 4) + flags
            #expect(try workshop.command.run(arguments).status == 0)
            let last = try workshop.killed(arguments)
            let outcome = try workshop.command("train", "--resume", last)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try workshop.numbers(of: "exp") == workshop.numbers(of: "exp2"))
        }
    }

    @Test("a model of one class says so: its class is 'item' unless the data set has a name for it")
    func singleClass() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            #expect(try workshop.command.run(Workshop.arguments(epochs: 1) + ["--single-cls"]).status == 0)
            let shown = try workshop.command("checkpoint", "runs/train/exp/weights/last.pt")
            #expect(shown.output.contains("item"), "\(shown.output)")
        }
    }

    @Test("wrong rows are reported once, and written down in the run", arguments: ["rows", "reference"])
    func report(policy: String) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let label = "shapes/labels/train/0003.txt"
            let rows = String(decoding: try workshop.contents(label), as: UTF8.self)
            try workshop.write(rows + "0 0.5 0.5 1.2 0.2\n", to: label)
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 1) + ["--label-policy", policy])
            #expect(outcome.status == 0)
            let line = rows.split(separator: "\n").count + 1
            let problem = "0003.txt:\(line): coordinate 1.2 is above 1"
            #expect(outcome.errors.components(separatedBy: problem).count == 2, "\(outcome.errors)")
            let report = String(decoding: try workshop.contents("runs/train/exp/labels-report.txt"), as: UTF8.self)
            #expect(report.contains(problem))
            let images = policy == "reference" ? 7 : 8
            #expect(outcome.output.contains("train: \(images) images"), "\(outcome.output)")
        }
    }
}
