import ArgumentParser
import YOLOData

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Check, show, convert, split and make data sets.",
        subcommands: [
            DataCheckCommand.self, DataShowCommand.self, DataConvertCommand.self, DataAutosplitCommand.self, ShapesCommand.self,
        ])
}

struct ShapesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shapes",
        abstract: "Draw a small detection data set of coloured shapes.",
        discussion: """
            Writes images, labels and shapes.yaml, which train and val take as --data. The same seed gives the same files.
            """)

    @Argument(help: "Folder to write to.")
    var folder: String

    @Option(help: "Seed of the pictures.")
    var seed: UInt64 = 0

    func validate() throws {
        guard !folder.isEmpty else { throw ValidationError("the folder to write to is empty; '.' is the working folder") }
    }

    func run() throws {
        let dataset = ShapesDataset(seed: seed)
        let yaml = try dataset.write(to: folder)
        print("\(dataset.trainingCount) training and \(dataset.validationCount) validation images drawn; train with --data \(yaml)")
    }
}
