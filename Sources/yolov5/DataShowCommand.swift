import ArgumentParser
import YOLOData
import YOLOTraining

struct DataShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Draw batches with their boxes as a training would see them.",
        discussion: """
            What is drawn is what 'yolov5 train' with the same --data, --hyp, --img, --batch-size and --seed learns from in that \
            epoch: labels that lie wrong, and augmentation that goes too far, are seen at a glance.
            """)

    enum Split: String, ExpressibleByArgument, CaseIterable {
        case train, val
    }

    @Argument(help: "Data set YAML, or a .zip with one inside.")
    var data: String

    @Option(help: "train: augmented pictures; val: the images of a validation.")
    var split = Split.train

    @Option(help: "Hyperparameter YAML.")
    var hyp = "data/hyps/hyp.scratch-low.yaml"

    @Option(name: [.customLong("img"), .customLong("imgsz"), .customLong("img-size")], help: "Side of a sample in pixels.")
    var imageSize = DatasetPreview().imageSize

    @Option(help: "Images a batch.")
    var batchSize = DatasetPreview().batchSize

    @Option(help: "Batches to draw.")
    var count = DatasetPreview().count

    @Option(help: "The epoch whose batches are drawn, from 0 on.")
    var epoch = DatasetPreview().epoch

    @Option(help: "Seed of order and augmentation.")
    var seed = DatasetPreview().seed

    @Flag(help: "Batches of 'train --rect'.")
    var rect = false

    @Flag(help: "Batches of 'train --quad'.")
    var quad = false

    @Option(help: "Folder to write batch0.jpg, … to.")
    var to = DatasetPreview().folder

    @OptionGroup
    var labels: LabelFlags

    func validate() throws {
        guard !rect || !quad else { throw ValidationError("--rect and --quad cannot be given together") }
        do {
            try preview.validate()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        var preview = preview
        preview.hyperparameters = try Hyperparameters(named: hyp)
        for file in try preview.draw() { print(file) }
    }

    private var preview: DatasetPreview {
        var preview = DatasetPreview()
        preview.data = data
        preview.showsValidation = split == .val
        (preview.imageSize, preview.batchSize, preview.count) = (imageSize, batchSize, count)
        (preview.epoch, preview.seed, preview.folder) = (epoch, seed, to)
        preview.shape = quad ? .quad : rect ? .rectangular(stride: 32) : .square
        preview.labels = labels.options
        return preview
    }
}
