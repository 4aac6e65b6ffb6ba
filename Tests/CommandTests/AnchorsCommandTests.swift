import Foundation
import PyTorchFile
import Testing
import Torch
import YOLOModel

/// `yolov5 anchors`, and the check of anchors before a training.
@Suite("Anchors", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct AnchorsCommandTests {
    // MARK: The command

    @Test("prints the data's figures, what the anchors reach, and lines that a model takes; the same for a seed")
    func command() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let arguments = ["anchors", "tiny.yaml", "--img", "128", "--gen", "100"]
            let outcome = try workshop.command.run(arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("train: 8 images, "))
            #expect(outcome.output.contains("sizes in images of 128 pixels: a tenth up to "))
            #expect(outcome.output.contains("\nyolov5s.yaml: "))
            #expect(outcome.output.contains("best possible recall 1.000, fitness 0.9"))
            #expect(try workshop.command.run(arguments).output == outcome.output)
            #expect(try workshop.command.run(arguments + ["--seed", "1"]).output != outcome.output)

            let lines = try #require(outcome.output.components(separatedBy: "\nanchors:\n").last)
            #expect(lines.split(separator: "\n").count == 3)
            try workshop.write(try workshop.yolov5n(anchors: "\n" + lines), to: "mine.yaml")
            #expect(try ModelConfiguration(named: workshop.path("mine.yaml")).anchorCount == 3)
            #expect(try workshop.command("model", "mine.yaml").status == 0)

            let four = try workshop.command("anchors", "tiny.yaml", "-n", "4", "--levels", "2", "--gen", "0").output
            #expect(four.contains("\n4 anchors from ") && !four.contains("yolov5s"))
            #expect(four.components(separatedBy: "\n  - [").count == 3)
        }
    }

    @Test("a command line that makes no sense is refused with what would", arguments: [
        (["-n", "10"], "--levels"), (["-n", "0"], "between 1 and 300"), (["-n", "8", "--levels", "3"], "divides the 8 anchors"),
        (["--thr", "1"], "--thr is 1.0"), (["--thr", "nan"], "--thr is nan"), (["--gen", "2000000"], "--gen is 2000000"), (["--img", "0"], "--imgsz is 0"),
    ])
    func wrong(arguments: [String], clue: String) throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command.run(["anchors", "tiny.yaml"] + arguments)
            #expect(outcome.status == 2 && outcome.errors.contains(clue), "\(outcome.errors)")
        }
    }

    @Test("data that no anchors can be made from is one message")
    func noData() throws {
        try Workshop.open { workshop in
            let missing = try workshop.command("anchors", "nowhere.yaml")
            #expect(missing.status == 1 && missing.errors.contains("nowhere.yaml does not exist"))
            try workshop.drawShapes()
            let small = try workshop.command("anchors", "tiny.yaml", "--img", "2")
            #expect(small.status == 1, "\(small.output)")
            let errors = small.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
            #expect(errors.count == 1 && errors[0].contains("none has a side of 2 pixels"), "\(small.errors)")
        }
    }

    // MARK: Training

    @Test("a model that leaves its anchors open gets them from the data, and its checkpoint keeps them")
    func openAnchors() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            try workshop.write(try workshop.yolov5n(anchors: " 2"), to: "open.yaml")
            let training = Workshop.arguments(epochs: 2) + ["--cfg", "open.yaml"]
            let refused = try workshop.command.run(training + ["--noautoanchor"])
            #expect(refused.status == 1 && !workshop.exists("runs"))
            #expect(refused.errors.contains("leaves its 2 anchors a level to be made from the data"), "\(refused.errors)")

            let outcome = try workshop.command.run(training)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("\nanchors: new ones from "))
            let model = try workshop.lastModel()
            guard case .pixels(let levels) = model.configuration.anchors else {
                Issue.record("the configuration still says \(model.configuration.anchors)")
                return
            }
            #expect(levels.map(\.count) == [4, 4, 4])
            for level in levels { #expect(outcome.output.contains("\n  - [\(level[0].text),\(level[1].text), ")) }
            let cells = try model.head.anchors.array(of: Float.self).map(Double.init)
            let pixels = zip(cells, [8, 8, 8, 8, 16, 16, 16, 16, 32, 32, 32, 32]).map(*)
            #expect(zip(pixels, levels.joined()).allSatisfy { abs($0 / $1 - 1) < 1e-3 })  // stored in float16

            // The next training has anchors already.
            let next = try workshop.command.run(
                Workshop.arguments(epochs: 1) + ["--cfg", "", "--weights", "runs/train/exp/weights/last.pt"])
            #expect(next.output.contains(": they fit the data"), "\(next.output) \(next.errors)")
        }
    }

    @Test("anchors that miss the labels are replaced unless --noautoanchor keeps them")
    func misfit() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            try workshop.write(
                try workshop.yolov5n(anchors: "\n  - [500,500, 510,500]\n  - [520,500, 530,500]\n  - [540,500, 550,500]\n"), to: "large.yaml")
            let training = Workshop.arguments(epochs: 1) + ["--cfg", "large.yaml"]
            let replaced = try workshop.command.run(training)
            #expect(replaced.output.contains("anchors: 0.00 per label, best possible recall 0.000: a poor fit; replaced by new ones from "))
            #expect(try workshop.lastModel().configuration.anchors != ModelConfiguration(named: workshop.path("large.yaml")).anchors)
            let kept = try workshop.command.run(training + ["--noautoanchor"])
            #expect(kept.status == 0 && !kept.output.contains("anchors: "), "\(kept.output) \(kept.errors)")
            #expect(try workshop.lastModel(of: "exp2").configuration.anchors == ModelConfiguration(named: workshop.path("large.yaml")).anchors)
            #expect(String(decoding: try workshop.contents("runs/train/exp2/opt.yaml"), as: UTF8.self).contains("\nnoautoanchor: true\n"))
        }
    }

    @Test("the hyperparameter 'anchors' builds the model with so many a level, whatever its YAML says")
    func hyperparameter() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            try workshop.write("anchors: 1.6\n", to: "hyp.yaml")
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 1) + ["--hyp", "hyp.yaml"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try workshop.lastModel().head.anchorCount == 2)
            #expect(String(decoding: try workshop.contents("runs/train/exp/hyp.yaml"), as: UTF8.self).contains("\nanchors: 1.6\n"))
        }
    }
}

extension Workshop {
    /// The built-in `yolov5n.yaml` with other anchors.
    /// - Parameter anchors: what stands after the colon.
    fileprivate func yolov5n(anchors: String) throws -> String {
        var configuration = try ModelConfiguration(named: "yolov5n.yaml")
        configuration.anchors = .count(3)
        return configuration.yaml.replacing("anchors: 3", with: "anchors:\(anchors)")
    }

    fileprivate func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    fileprivate func lastModel(of run: String = "exp") throws -> DetectionModel {
        try DetectionModel(Checkpoint(path: path("runs/train/\(run)/weights/last.pt")))
    }
}

extension Double {
    /// As the command prints it.
    fileprivate var text: String { rounded() == self ? "\(Int(self))" : "\(self)" }
}
