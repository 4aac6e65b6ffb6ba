import Foundation
import Testing

@Suite("Command line", .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct CommandLineTests {
    private let command = Command(folder: FileManager.default.temporaryDirectory)

    @Test("help lists the commands and ends with 0")
    func help() throws {
        let outcome = try command("--help")
        #expect(outcome.status == 0)
        for word in ["train", "val", "data"] { #expect(outcome.output.contains(word)) }
    }

    @Test("help of a command names options, their values and defaults")
    func commandHelp() throws {
        let outcome = try command("train", "--help")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("--batch-size"))
        #expect(outcome.output.contains("SGD, Adam, AdamW"))
        #expect(outcome.output.contains("default: 300"))
    }

    @Test("--version says what this is")
    func version() throws {
        let outcome = try command("--version")
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("yolov5 "))
    }

    @Test("a misspelt flag ends with 2, the nearest flag and the usage")
    func misspelt() throws {
        let outcome = try command("train", "--epocs", "3")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("--epochs"))
        #expect(outcome.errors.contains("Usage"))
        #expect(outcome.output.isEmpty)
    }

    @Test(
        "values that make no sense end with 2 and what was expected",
        arguments: [
            (["train", "--epochs", "many"], "--epochs"), (["train", "--epochs", "0"], "expected a whole number between 1 and"),
            (["train", "--optimizer", "LBFGS"], "AdamW"), (["train", "--precision", "int8"], "bf16"),
            (["train", "--weights", ""], "--cfg"), (["val", "--iou-thres", "60"], "between 0 and 1"),
            (["val", "--task", "fast"], "study"), (["val", "--max-det", "0"], "between 1 and 30000"), (["val", "--weights", ""], "one or more .pt files"),
            (["val", "--half", "--precision", "bf16"], "bf16 beside --half"), (["train", "--freeze", "ten"], "--freeze"),
            (["train", "--freeze"], "--freeze"), (["fly"], "fly"), (["train", "--batch-size", "0"], "-1 for as many as memory allows"),
            (["train", "--no", "--epochs", "3"], "may be --noautoanchor, --noplots, --nosave, --noval"),
            (["train", "--device", "0,1"], "several GPUs"), (["train", "--device", "gpu"], "--device is 'gpu'"), (["val", "--device", "gpu"], "--device is 'gpu'"),
            (["train", "--evolve", "-1"], "1 or more generations"), (["train", "--sync-bn"], "several GPUs"),
            (["train", "--local_rank", "-1"], "several GPUs"), (["train", "--upload_dataset"], "Weights & Biases"),
            (["train", "--entity", "me"], "Weights & Biases"), (["train", "--patience", "-3"], "--patience"),
        ])
    func wrongValues(_ arguments: [String], _ clue: String) throws {
        let outcome = try command.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(clue))
    }
}
