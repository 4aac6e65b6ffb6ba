import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
import YOLOModel

/// `train --resume` on trainings that were killed.
@Suite("Resuming a training", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct ResumeTests {
    @Test(
        "a training that was killed and resumed ends with the same weights, bit for bit",
        arguments: [["--optimizer", "SGD"], ["--optimizer", "AdamW", "--freeze", "3", "--cos-lr"], ["--noval"]])
    func exact(options: [String]) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let arguments = Workshop.arguments(epochs: 4) + options
            let whole = try workshop.command.run(arguments)
            #expect(whole.status == 0, "\(whole.errors)")

            let last = try workshop.killed(arguments)
            let epoch = try workshop.checkpoint(last).epoch
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

    @Test("without its opt.yaml a run goes on with the options in its checkpoint")
    func withoutOptionsFile() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let last = try workshop.killed(Workshop.arguments(epochs: 4), run: "exp")
            try FileManager.default.removeItem(at: workshop.folder.appendingPathComponent("runs/train/exp/opt.yaml"))
            let resumed = try workshop.command("train", "--resume", last)
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(resumed.output.contains("to 4 total epochs"))
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

    @Test("a run goes on only where its data set is; with fewer epochs than it has done, it trains that many more")
    func moved() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let last = try workshop.killed(Workshop.arguments(epochs: 9), run: "exp")
            let elsewhere = Command(folder: workshop.folder.appendingPathComponent("runs"))
            let lost = try elsewhere("train", "--resume", workshop.folder.appendingPathComponent(last).path)
            #expect(lost.status == 1 && lost.errors.contains("its data set 'tiny.yaml' is not found from"), "\(lost.errors)")
            let options = String(decoding: try workshop.contents("runs/train/exp/opt.yaml"), as: UTF8.self)
            try workshop.write(options.replacing("epochs: 9", with: "epochs: 0"), to: "runs/train/exp/opt.yaml")
            let fewer = try workshop.command("train", "--resume", "runs/train/exp")
            #expect(fewer.status == 0 && fewer.errors.contains("more than 'epochs: 0': so many are added"), "\(fewer.errors)")
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

    @Test("numbers that no training has, and a file outside of its run, are refused before anything is written", arguments: [
        ("epoch", PickleValue.int(.max)), ("updates", .int(.max)), ("batches_since_update", .int(-5)), ("best_epoch", .int(.max)),
        ("", .none),
    ])
    func absurd(key: String, value: PickleValue) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let last = try workshop.killed(Workshop.arguments(epochs: 9), run: "exp")
            let file = workshop.folder.appendingPathComponent(last)
            let results = try workshop.contents("runs/train/exp/results.csv")
            if key.isEmpty {
                try FileManager.default.copyItem(at: file, to: workshop.folder.appendingPathComponent("last.pt"))
                let outcome = try workshop.command("train", "--resume", "last.pt")
                #expect(outcome.status == 1 && outcome.errors.contains("outside of its run's folder"), "\(outcome.errors)")
                return
            }
            var root = try #require(PyTorchFile(path: file.path).root.dictionary)
            var state = try #require(root["yolov5_swift"]?.dictionary)
            if root[key] != nil { root.updateValue(value, forKey: .string(key)) } else { state.updateValue(value, forKey: .string(key)) }
            root.updateValue(.dictionary(state), forKey: "yolov5_swift")
            try PyTorchFile.write(.dictionary(root), to: file.path)
            let outcome = try workshop.command("train", "--resume", last)
            #expect(outcome.status == 1 && outcome.errors.contains("'\(key)' is"), "\(outcome.errors)")
            #expect(try workshop.contents("runs/train/exp/results.csv") == results)
        }
    }
}

extension Workshop {
    /// Starts a training and kills it when its first weights are there.
    /// - Returns: their path.
    func killed(_ arguments: [String], run: String = "exp2") throws -> String {
        let running = try command.start(arguments)
        let last = "runs/train/\(run)/weights/last.pt"
        while !exists(last), running.process.isRunning { usleep(20_000) }
        kill(running.process.processIdentifier, SIGKILL)
        _ = try running.outcome()
        return last
    }

    fileprivate func checkpoint(_ name: String) throws -> Checkpoint {
        try Checkpoint(path: folder.appendingPathComponent(name).path)
    }
}
