import Foundation
import Testing

/// `--json` and `--quiet` of train and val.
@Suite("Output for programs", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct JSONOutputTests {
    private func objects(_ output: String) throws -> [[String: Any]] {
        try output.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    @Test("--json prints objects and nothing else, --quiet nothing at all; of a validation likewise")
    func runs() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let training = try workshop.command.run(Workshop.arguments(epochs: 2) + ["--json"])
            #expect(training.status == 0, "\(training.errors)")
            let events = try objects(training.output)
            let names = events.compactMap { $0["event"] as? String }
            #expect(names.first == "start" && names.last == "end")
            #expect(names.count { $0 == "epoch" } == 2 && names.count { $0 == "validation" } == 3 && names.contains("batch"), "\(names)")
            #expect(names.firstIndex(of: "setup") ?? 99 < names.firstIndex(of: "batch") ?? 0)
            #expect((events[0]["environment"] as? String)?.contains("libtorch 2.") == true)
            #expect((events[0]["options"] as? [String: String])?["epochs"] == "2")
            #expect(events.last?["folder"] as? String == "runs/train/exp")

            let val = ["val", "--weights", "runs/train/exp/weights/best.pt", "--data", "tiny.yaml", "--img", "64", "--device", "cpu"]
            let validation = try workshop.command.run(val + ["--json"])
            let found = try objects(validation.output)
            #expect(validation.status == 0 && found.compactMap { $0["event"] as? String } == ["start", "validation", "end"], "\(validation.output)")
            #expect(found[1]["final"] as? Bool == true && found[1]["classes"] is [Any])
            #expect(found[2]["folder"] as? String == "runs/val/exp")

            for arguments in [Workshop.arguments(epochs: 1), val] {
                let quiet = try workshop.command.run(arguments + ["--quiet"])
                #expect(quiet.status == 0 && quiet.output.isEmpty, "\(quiet.output)\(quiet.errors)")
            }
        }
    }

    @Test("an error is a line for programs too")
    func error() throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command("train", "--data", "nowhere.yaml", "--json", "--offline", "--device", "cpu")
            #expect(outcome.status == 1 && outcome.errors.contains("error: ") && outcome.errors.contains("nowhere.yaml"))
            let last = try #require(try objects(outcome.output).last)
            #expect(last["event"] as? String == "error" && (last["message"] as? String)?.contains("nowhere.yaml") == true)
        }
    }

    @Test("--quiet and --json together are a wrong command line", arguments: ["train", "val"])
    func both(_ command: String) throws {
        let outcome = try Command(folder: FileManager.default.temporaryDirectory)(command, "--weights", "x.pt", "--quiet", "--json")
        #expect(outcome.status == 2 && outcome.errors.contains("--quiet and --json") && outcome.output.isEmpty)
    }
}
