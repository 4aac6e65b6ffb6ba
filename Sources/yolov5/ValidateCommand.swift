import ArgumentParser
import YOLOReporting
import YOLOTraining

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "val",
        abstract: "Measure a detector's accuracy and speed on a data set.",
        usage: """
            yolov5 val --weights runs/train/exp/weights/best.pt --data coco128.yaml [--img 640] [--batch-size 32]
            yolov5 val --weights yolov5s.pt yolov5m.pt --augment --data coco128.yaml
            """,
        discussion: "Results go to a folder of their own below --project: metrics.json and pictures of the first images.")

    @Option(parsing: .upToNextOption, help: "Weights (.pt) to validate, fetched if official and not there; those of several models predict together.")
    var weights = ValidationOptions().weights

    @Option(help: "Data set: a YAML, or a .zip with one inside; also the web address of a .zip.")
    var data = ValidationOptions().data

    @Option(help: "Images a batch.")
    var batchSize = ValidationOptions().batchSize

    @Option(name: [.customLong("imgsz"), .customLong("img"), .customLong("img-size")], help: "Longer side of the images in pixels.")
    var imageSize = ValidationOptions().imageSize

    @Option(name: .customLong("conf-thres"), help: "Objects of less confidence do not count.")
    var confidence = ValidationOptions().confidenceThreshold

    @Option(name: .customLong("iou-thres"), help: "Of two objects that overlap more, the more confident one counts.")
    var overlap = ValidationOptions().iouThreshold

    @Option(help: "Part of the data set: train, val or test.")
    var task = ValidationOptions().split

    @Flag(help: "Look at every image three times, mirrored and smaller too, and join what is found.")
    var augment = false

    @Flag(help: "Compute in fp16; needs CUDA, elsewhere fp32 is taken.")
    var half = false

    @Flag(help: "A line for each class, also when there are many.")
    var verbose = false

    @Option(help: "Folder of all runs.")
    var project = ValidationOptions().project

    @OptionGroup
    var labels: LabelFlags

    @OptionGroup
    var flags: RunFlags

    func validate() throws {
        do {
            try options.validate()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        let consoles = flags.consoles(showsClasses: verbose)
        let outcome = try ValidationRun(options, observers: consoles).run()
        try flags.show(outcome, on: consoles)
    }

    private var options: ValidationOptions {
        var options = ValidationOptions()
        options.weights = weights
        options.data = data
        options.batchSize = batchSize
        options.imageSize = imageSize
        options.confidenceThreshold = confidence
        options.iouThreshold = overlap
        options.split = task
        options.labels = labels.options
        options.device = flags.device
        options.workers = flags.workers
        options.project = project
        options.name = flags.name
        options.reusesFolder = flags.existOk
        options.usesTestTimeAugmentation = augment
        options.precision = flags.precision
        options.isOffline = flags.offline
        options.allowsScripts = flags.allowScripts
        options.usesHalfPrecision = half
        return options
    }
}
