import Foundation
import Testing
import Torch
import YOLOModel

/// `--freeze` in whole trainings.
@Suite("Training with frozen rows", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct FreezeTests {
    @Test("--freeze 10 leaves the weights of rows 0 to 9 as they were, and nothing else")
    func backbone() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let first = try workshop.command.run(Workshop.arguments(epochs: 1))
            #expect(first.status == 0, "\(first.errors)")
            let weights = "runs/train/exp/weights/last.pt"
            let second = try workshop.command.run(
                Workshop.arguments(epochs: 1) + ["--weights", weights, "--cfg", "", "--freeze", "10"])
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.output.contains("Frozen: rows 0 to 9"))
            let options = String(decoding: try workshop.contents("runs/train/exp2/opt.yaml"), as: UTF8.self)
            #expect(options.contains("\nfreeze: [10]\n"))

            let before = try workshop.entries(weights), after = try workshop.entries("runs/train/exp2/weights/last.pt")
            for (old, new) in zip(before, after) where !old.name.contains("anchors") && !old.name.contains("num_batches") {
                let row = try #require(Int(old.name.split(separator: ".")[1]))
                let isUnchanged: Bool = try old.tensor.array(of: Float.self) == new.tensor.array(of: Float.self)
                if old.role == .parameter, row < 10 {
                    #expect(isUnchanged, "\(old.name)")
                } else if old.role == .buffer || old.name.hasSuffix(".bias") {
                    // Biases warm up from a high learning rate; the other weights hardly move in two batches.
                    #expect(!isUnchanged, "\(old.name)")
                }
            }
        }
    }

    @Test("rows that the model lacks end the command before it has a folder", arguments: [
        (["--freeze", "30"], "--freeze is 30;"), (["--freeze", "0", "25"], "--freeze is row 25;"),
    ])
    func outOfRange(_ arguments: [String], _ clue: String) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 1) + arguments)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains(clue) && outcome.errors.contains("0 (Conv) to 24 (Detect) of YOLOv5n"), "\(outcome.errors)")
            #expect(!workshop.exists("runs"))
        }
    }
}

extension Workshop {
    /// The tensors of a weights file.
    fileprivate func entries(_ name: String) throws -> [StateEntry] {
        try DetectionModel(Checkpoint(path: folder.appendingPathComponent(name).path)).stateEntries()
    }
}
