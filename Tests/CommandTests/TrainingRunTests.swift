import Foundation
import Testing

/// Whole trainings of a few seconds: eight pictures of shapes at 64 pixels.
@Suite("Training runs", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct TrainingRunTests {
    @Test("the same seed gives the same weights, bit for bit, with 1 and with 4 loader threads")
    func workers() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            for (name, workers) in [("one", "1"), ("four", "4")] {
                let outcome = try workshop.train("--workers", workers, "--name", name, "--seed", "3")
                #expect(outcome.status == 0, "\(outcome.errors)")
            }
            #expect(try workshop.numbers(of: "one") == workshop.numbers(of: "four"))

            #expect(try workshop.train("--workers", "1", "--name", "other", "--seed", "4").status == 0)
            #expect(try workshop.numbers(of: "one") != workshop.numbers(of: "other"))
        }
    }

    @Test("a run leaves weights, results, options and pictures, and its weights validate")
    func records() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 2, draws: true))
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(!outcome.output.contains("\u{1B}") && !outcome.output.contains("\r"))
            for file in [
                "weights/last.pt", "weights/best.pt", "results.csv", "opt.yaml", "hyp.yaml", "metrics.json",
                "val_batch0_labels.jpg", "val_batch0_pred.jpg", "train_batch0.jpg", "train_batch1.jpg", "train_batch2.jpg", "labels.png",
                "labels_correlogram.png", "results.png", "LR.png", "confusion_matrix.png", "P_curve.png", "R_curve.png", "F1_curve.png",
                "PR_curve.png", "curves.json",
            ] {
                #expect(workshop.exists("runs/train/exp/\(file)"), "\(file)")
            }
            let results = String(decoding: try workshop.contents("runs/train/exp/results.csv"), as: UTF8.self)
            #expect(results.split(separator: "\n").count == 3)  // a header and two epochs

            let validation = try workshop.command(
                "val", "--weights", "runs/train/exp/weights/best.pt", "--data", "tiny.yaml", "--img", "64", "--device", "cpu")
            #expect(validation.status == 0, "\(validation.errors)")
            #expect(workshop.exists("runs/val/exp/metrics.json"))

            #expect(try workshop.train("--nosave", "--noval").status == 0)
            #expect(workshop.exists("runs/train/exp2/weights/last.pt"))
        }
    }

    @Test("a reader that has seen enough does not end the run")
    func closedPipe() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let arguments = Workshop.arguments(epochs: 2).map { "'\($0)'" }.joined(separator: " ")
            let outcome = try workshop.command.shell("(\"$YOLOV5\" \(arguments); echo ended $? >&2) | head -n 1")
            #expect(outcome.errors.contains("ended 0"), "\(outcome.errors)")
            #expect(workshop.exists("runs/train/exp/weights/last.pt"))
        }
    }

    @Test("a full disk ends no training, but is an error that names the file at its end")
    func fullDisk() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            // No file may grow beyond 512 KiB: too little for weights, enough for the rest.
            let outcome = try workshop.command.shell(
                "trap '' XFSZ; ulimit -f 1024; exec \"$YOLOV5\" \(Workshop.arguments(epochs: 1).map { "'\($0)'" }.joined(separator: " "))")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("warning: the weights were not saved; the training goes on"), "\(outcome.errors)")
            #expect(outcome.errors.contains("error: cannot write") && outcome.errors.contains("best.pt"), "\(outcome.errors)")
            #expect(!workshop.exists("runs/train/exp/weights/last.pt"))
        }
    }
}

extension Workshop {
    /// - Parameter draws: plots and pictures too, which take longer than the training.
    static func arguments(epochs: Int, draws: Bool = false) -> [String] {
        [
            "train", "--weights", "", "--cfg", "yolov5n.yaml", "--data", "tiny.yaml", "--img", "64", "--batch-size", "4",
            "--epochs", "\(epochs)", "--device", "cpu",
        ] + (draws ? [] : ["--noplots"])
    }

    fileprivate func train(_ arguments: String...) throws -> Command.Outcome {
        try command.run(Self.arguments(epochs: 2) + arguments)
    }}
