import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
import YOLOModel

@Suite(
    "The command checkpoint",
    .enabled(if: Command.isBuilt && Fixtures.areAvailable, "needs the command (make build) and the fixtures"))
struct CheckpointCommandTests {
    private let weights = Fixtures.weights.appendingPathComponent("yolov5n.pt").path
    private let unfinished = Fixtures.golden.appendingPathComponent("checkpoint/tiny-last.pt").path

    @Test("shows keys, shapes, classes, date and options")
    func show() throws {
        try Workshop.open { workshop in
            let official = try workshop.command("checkpoint", weights)
            #expect(official.status == 0 && official.errors.isEmpty)
            for clue in [
                "YOLOv5n, a finished model", "models.yolo.Model, 349 tensors, 1872157 parameters, float16", "80: person, bicycle",
                "2022-02-08", "model.24.m.2.bias", "[255, 256, 1, 1]",
            ] { #expect(official.output.contains(clue), "\(clue)") }
            let training = try workshop.command("checkpoint", unfinished).output
            for clue in ["a training after epoch 0", "momentum_buffer", "batch_size:", "updates:       1"] {
                #expect(training.contains(clue), "\(clue)")
            }
        }
    }

    @Test("converts to safetensors, other types and stripped files, and leaves the original alone")
    func convert() throws {
        try Workshop.open { workshop in
            let before = try Data(contentsOf: URL(fileURLWithPath: unfinished))
            for arguments in [
                ["checkpoint", unfinished, "--strip", "--to", "small.pt"],
                ["checkpoint", weights, "--type", "float32", "--to", "wide.pt"],
                ["checkpoint", weights, "--to", "n.safetensors"], ["checkpoint", "n.safetensors", "--to", "back.pt"],
            ] {
                let outcome = try workshop.command.run(arguments)
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output == "\(arguments.last ?? "") written\n")
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: unfinished)) == before)
            #expect(try workshop.command("checkpoint", "small.pt").output.contains("a finished model"))
            #expect(try workshop.command("checkpoint", "wide.pt").output.contains("parameters, float32"))
            let back = try Checkpoint(path: workshop.folder.appendingPathComponent("back.pt").path).weights()
            let official = try Checkpoint(path: weights).weights()
            for (ours, expected) in zip(back.entries, official.entries) {
                #expect(ours.name == expected.name && ours.tensor.doubles == expected.tensor.doubles)
            }
        }
    }

    @Test("wrong uses end with 2, wrong files with 1, each with one reason")
    func errors() throws {
        try Workshop.open { workshop in
            #expect(try workshop.command("checkpoint", weights, "--strip").errors.contains("--strip needs --to FILE"))
            #expect(try workshop.command("checkpoint", weights, "--to", "x.onnx").status == 2)
            #expect(try workshop.command("checkpoint", weights, "--type", "int8", "--to", "x.pt").status == 2)
            try workshop.write("hello", to: "x.pt")
            let rubbish = try workshop.command("checkpoint", "x.pt")
            #expect(rubbish.status == 1 && rubbish.errors.contains("'x.pt' is not a PyTorch checkpoint"))
            try FileManager.default.copyItem(atPath: weights, toPath: workshop.folder.appendingPathComponent("own.pt").path)
            let own = try workshop.command("checkpoint", "own.pt", "--strip", "--to", "./own.pt")
            #expect(own.status == 1 && own.errors.contains("--to is the file that is read"))
            let model = try workshop.command("checkpoint", "own.pt", "--cfg", "yolov5x.yaml", "--to", "y.pt")
            #expect(model.status == 1 && model.errors.contains("says itself that it is of YOLOv5n"))
            let folder = try workshop.command("checkpoint", weights, "--to", "nowhere/x.pt")
            #expect(folder.status == 1 && folder.errors.contains("cannot write 'nowhere/x.pt'"))
        }
    }
}
