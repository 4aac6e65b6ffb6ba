import Foundation
import Testing
import YOLOModel

/// `train --resume` on trainings that were killed.
@Suite("Resuming a training", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct ResumeTests {
    @Test("a training that was killed and resumed ends with the same weights, bit for bit", arguments: ["SGD", "AdamW"])
    func exact(optimizer: String) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let arguments = Workshop.arguments(epochs: 4) + ["--optimizer", optimizer]
            let whole = try workshop.command.run(arguments)
            #expect(whole.status == 0, "\(whole.errors)")

            let killed = try workshop.command.start(arguments)
            let last = "runs/train/exp2/weights/last.pt"
            while !workshop.exists(last), killed.process.isRunning { usleep(20_000) }
            kill(killed.process.processIdentifier, SIGKILL)
            _ = try killed.outcome()
            let epoch = try Checkpoint(path: workshop.folder.appendingPathComponent(last).path).epoch
            try #require((0..<4).contains(epoch))

            let resumed = try workshop.command("train", "--resume", last, "--workers", "1")
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(resumed.output.contains("Resuming training from \(last) from epoch \(epoch + 1) to 4 total epochs"))
            #expect(try workshop.numbers(of: "exp") == workshop.numbers(of: "exp2"))
            let results = try ["exp", "exp2"].map { try workshop.contents("runs/train/\($0)/results.csv") }
            #expect(results[0] == results[1])
            #expect(!workshop.exists("runs/train/exp3"))
        }
    }

    @Test("a finished training is refused, with what to do instead; --resume alone finds the newest run")
    func finished() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            #expect(try workshop.command("train", "--resume").errors.contains("there is no last.pt below"))
            #expect(try workshop.command.run(Workshop.arguments(epochs: 1)).status == 0)
            let outcome = try workshop.command("train", "--resume")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("runs/train/exp/weights/last.pt"))
            #expect(outcome.errors.contains("its training is finished"))
            #expect(outcome.errors.contains("train --weights"))
        }
    }

    @Test("options beside --resume are named as left aside")
    func leftAside() throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command("train", "--resume", "nowhere.pt", "--epochs", "9", "--device", "cpu")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("left aside: --epochs\n"))
            #expect(outcome.errors.contains("'nowhere.pt' does not exist"))
        }
    }
}
