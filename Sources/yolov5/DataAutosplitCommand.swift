import ArgumentParser
import YOLOData

struct DataAutosplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "autosplit",
        abstract: "Split a folder of images at random into lists for training, validation and testing.",
        usage: "yolov5 data autosplit FOLDER [--weights 0.9 0.1 0.0] [--annotated-only] [--seed 0]",
        discussion: """
            Writes autosplit_train.txt, autosplit_val.txt and autosplit_test.txt beside the folder, in place of those of an \
            earlier split. Name them in a data set YAML: train: autosplit_train.txt.
            """)

    @Argument(help: "Folder of images, searched in depth.")
    var folder: String

    @Option(parsing: .upToNextOption, help: "Chances of an image to be for training, validation and testing. (default: 0.9 0.1 0.0)")
    var weights: [Double] = []

    @Flag(help: "Leave out images without a label file.")
    var annotatedOnly = false

    @Option(help: "Seed of the draw. The same images and seed give the same lists.")
    var seed: UInt64 = 0

    func validate() throws {
        guard !folder.isEmpty else { throw ValidationError("the folder of images is empty; '.' is the working folder") }
        do { try split.checkWeights() } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        print(try split.write())
    }

    private var split: Autosplit {
        var split = Autosplit(folder: folder)
        if !weights.isEmpty { split.weights = weights }
        split.annotatedOnly = annotatedOnly
        split.seed = seed
        return split
    }
}
