import Foundation
import Testing

/// The flags of `train` that decide when it saves and when it ends.
@Suite("Training flags", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct TrainingFlagsTests {
    @Test("--save-period keeps the weights of every so many epochs, whole")
    func savePeriod() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 4) + ["--save-period", "2"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            for (epoch, isThere) in [true, false, true, false].enumerated() {
                #expect(workshop.exists("runs/train/exp/weights/epoch\(epoch).pt") == isThere)
            }
            #expect(try workshop.command("checkpoint", "runs/train/exp/weights/epoch2.pt").output.contains("a training after epoch 2"))
        }
    }

    @Test("--patience ends a training that has found all there is, and says how to go on")
    func patience() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            // Without learning every epoch is as good as the first one that finds anything.
            try workshop.write("lr0: 0\nwarmup_bias_lr: 0\n", to: "still.yaml")
            let weights = try workshop.trainedWeights()
            let outcome = try workshop.command.run(
                Workshop.arguments(epochs: 30) + ["--weights", weights, "--hyp", "still.yaml", "--patience", "3", "--name", "still"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let text = try #require(outcome.output.firstMatch(of: /no improvement in the last 3 epochs. The best results are those of epoch (\d+)/))
            let best = try #require(Int(text.1))
            let results = String(decoding: try workshop.contents("runs/train/still/results.csv"), as: UTF8.self)
            #expect(results.split(separator: "\n").count == 1 + best + 1 + 3)
            let resumed = try workshop.command("train", "--resume", "runs/train/still")
            #expect(resumed.status == 1 && resumed.errors.contains("its training is finished"))
        }
    }

    @Test("a loss that is no number is named with its images; training goes back once, then ends with what to try")
    func divergence() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            try workshop.write("lr0: 1.0e+30\nwarmup_bias_lr: 1.0e+30\nwarmup_epochs: 0\n", to: "wild.yaml")
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 3) + ["--hyp", "wild.yaml", "--precision", "fp32"])
            #expect(outcome.status == 1)
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.contains { $0.contains("became NaN or infinite in epoch 0, batch ") && $0.contains("shapes/images/train/000") && $0.contains("without that batch") }, "\(outcome.errors)")
            #expect(lines.last?.contains("became NaN or infinite in epoch") == true && lines.last?.contains("not for the first time") == true && outcome.errors.contains("a smaller lr0"))
        }
    }

    @Test("the options of a run repeat it, and flags beside them come first")
    func config() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            #expect(try workshop.command.run(Workshop.arguments(epochs: 2) + ["--cos-lr", "--seed", "5"]).status == 0)
            let again = try workshop.command("train", "--config", "runs/train/exp/opt.yaml")
            #expect(again.status == 0, "\(again.errors)")
            #expect(try workshop.numbers(of: "exp") == workshop.numbers(of: "exp2"))
            let other = try workshop.command("train", "--config", "runs/train/exp/opt.yaml", "--epoch", "1", "--name", "short")
            #expect(other.status == 0, "\(other.errors)")
            let results = String(decoding: try workshop.contents("runs/train/short/results.csv"), as: UTF8.self)
            #expect(results.split(separator: "\n").count == 2)
            #expect(try workshop.command("train", "--config", "nowhere.yaml").errors.contains("options file 'nowhere.yaml' does not exist"))
        }
    }

    @Test("--cache val keeps the validation images only; classes of the data set come before the model's, said in a line")
    func remarks() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 1) + ["--cache", "val"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("Cached val: ") && !outcome.output.contains("Cached train: "), "\(outcome.output)")
            #expect(outcome.output.contains("Classes: 6, as in tiny.yaml, instead of the model's 80"))
        }
    }
}

extension Workshop {
    /// Weights that find something in the shapes.
    fileprivate func trainedWeights() throws -> String {
        try write("nbs: 4\n", to: "quick.yaml")
        let outcome = try command.run(
            Workshop.arguments(epochs: 12) + ["--optimizer", "AdamW", "--hyp", "quick.yaml", "--noval", "--cache", "ram", "--name", "trained"])
        try #require(outcome.status == 0, "\(outcome.errors)")
        return "runs/train/trained/weights/last.pt"
    }
}
