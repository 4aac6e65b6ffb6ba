import Foundation
import Testing
import YOLOModel

/// Signals, and kills at any moment.
@Suite("Interruptions", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct InterruptionTests {
    @Test("a signal saves first, within an epoch too, and the training goes on to the same bits", arguments: [
        (SIGINT, []), (SIGTERM, ["--image-weights", "--multi-scale", "--optimizer", "AdamW"]), (SIGINT, ["--quad", "--noval", "--nosave"]),
    ])
    func signal(number: Int32, flags: [String]) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let arguments = Workshop.arguments(epochs: 4) + ["--batch-size", flags.contains("--quad") ? "4" : "1"] + flags
            #expect(try workshop.command.run(arguments).status == 0)

            let running = try workshop.command.start(arguments)
            try running.wait(for: " 1/3 ")  // the second epoch has begun
            kill(running.process.processIdentifier, number)
            let outcome = try running.outcome()
            let last = "runs/train/exp2/weights/last.pt"
            #expect(outcome.status == 128 + number)
            #expect(outcome.errors.contains("interrupted; it goes on with: yolov5 train --resume \(last)"), "\(outcome.errors)")
            let resumed = try workshop.command("train", "--resume", last)
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(try workshop.numbers(of: "exp") == workshop.numbers(of: "exp2"))
            #expect(try workshop.contents("runs/train/exp/results.csv") == workshop.contents("runs/train/exp2/results.csv"))
        }
    }

    @Test("a signal before the first batch ends the process at once, without weights")
    func early() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let running = try workshop.command.start(Workshop.arguments(epochs: 4))
            try running.wait(for: "train:")
            kill(running.process.processIdentifier, SIGTERM)
            let outcome = try running.outcome()
            #expect(outcome.status == 143)
            #expect(!outcome.errors.contains("it goes on") && !workshop.exists("runs/train/exp/weights/last.pt"))
        }
    }

    @Test("a run that is killed at twenty moments never leaves an unreadable checkpoint, and ends with the same bits")
    func kills() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let arguments = Workshop.arguments(epochs: 20) + ["--batch-size", "2", "--workers", "1"]
            #expect(try workshop.command.run(arguments).status == 0)

            let last = "runs/train/exp2/weights/last.pt"
            var random = SystemRandomNumberGenerator()
            var killCount = 0
            while true {
                let goesOn = workshop.exists(last)
                let running = try workshop.command.start(
                    goesOn ? ["train", "--resume", last] : arguments + ["--save-steps", "1", "--name", "exp2", "--exist-ok"])
                if killCount < 20 {
                    // The training has begun; then any moment of the next batches.
                    try running.wait(for: "Starting training")
                    usleep(.random(in: 0..<60_000, using: &random))
                    kill(running.process.processIdentifier, SIGKILL)
                }
                let outcome = try running.outcome()
                for name in ["last", "best"] where workshop.exists("runs/train/exp2/weights/\(name).pt") {
                    _ = try Checkpoint(path: workshop.folder.appendingPathComponent("runs/train/exp2/weights/\(name).pt").path)
                }
                if outcome.status == 128 + SIGKILL {
                    killCount += 1
                } else if outcome.errors.contains("its training is finished") {
                    break  // the kill before came after the weights were finished
                } else {
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    break
                }
            }
            #expect(killCount >= 20, "the training was over after \(killCount) kills")
            #expect(try workshop.numbers(of: "exp") == workshop.numbers(of: "exp2"))
            #expect(try workshop.contents("runs/train/exp/results.csv") == workshop.contents("runs/train/exp2/results.csv"))
        }
    }
}

extension Command.Running {
    /// Waits until the output has `text`, or the process has ended.
    fileprivate func wait(for text: String) throws {
        while process.isRunning, !(try String(contentsOf: output, encoding: .utf8)).contains(text) { usleep(5_000) }
    }
}
