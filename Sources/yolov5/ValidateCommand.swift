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
            yolov5 val --task speed --weights yolov5n.pt yolov5s.pt --data coco128.yaml --batch-size 1
            """,
        discussion: """
            Results go to a folder of their own below --project: metrics.json with the confusion matrix, curves.json, and pictures of the \
            first batches.
            """)

    @Option(parsing: .upToNextOption, help: "Weights (.pt) to validate, fetched if official and not there; those of several models predict together.")
    var weights = ValidationOptions().weights

    @Option(help: "Data set: a YAML, or a .zip with one inside; also the web address of a .zip.")
    var data = ValidationOptions().data

    @Option(help: "Images a batch.")
    var batchSize = ValidationOptions().batchSize

    @Option(name: [.customLong("imgsz"), .customLong("img"), .customLong("img-size")], help: "Longer side of the images in pixels.")
    var imageSize = ValidationOptions().imageSize

    @Option(name: .customLong("conf-thres"), help: "Objects of less confidence do not count. (default: 0.001; 0.25 for --task speed)")
    var confidence: Double?

    @Option(
        name: .customLong("iou-thres"),
        help: "Of two objects that overlap more, the more confident one counts. (default: 0.6; 0.45 for --task speed, 0.65 for --task study)")
    var overlap: Double?

    @Option(name: .customLong("max-det"), help: "Objects an image, at most.")
    var maximumDetections = ValidationOptions().maximumDetections

    @Option(
        help: ArgumentHelp(
            "Part of the data set; or what to measure for each weights file.",
            discussion: """
                train, val, test: accuracy on that part. speed: milliseconds an image, in squares. study: accuracy and speed at image \
                sizes from 256 to 1536.
                """))
    var task = ValidationOptions().task

    @Flag(help: "Look at every image three times, mirrored and smaller too, and join what is found.")
    var augment = false

    @Flag(help: "Compute in fp16; needs CUDA, elsewhere fp32 is taken.")
    var half = false

    @Flag(help: "A line for each class, also when there are many.")
    var verbose = false

    @Flag(help: "Write a label file of what is found in each image.")
    var saveTxt = false

    @Flag(help: "Write such files of labels and of what is found, merged; the labels count as found.")
    var saveHybrid = false

    @Flag(help: "Write confidences into these files, too.")
    var saveConf = false

    @Flag(help: "Write all objects in COCO's form; COCO's evaluation runs if the data set has annotations.")
    var saveJson = false

    @Option(help: "Annotations in COCO's form (.json) for its evaluation. (default: annotations/instances_val2017.json of the data set)")
    var annotations: String?

    @Option(help: "Folder of all runs.")
    var project = ValidationOptions().project

    @Flag(help: "Not in this program: runs ONNX files through OpenCV.")
    var dnn = false

    @OptionGroup
    var labels: LabelFlags

    @OptionGroup
    var flags: RunFlags

    func validate() throws {
        guard !dnn else {
            throw ValidationError(
                "--dnn runs ONNX files through OpenCV's DNN module; this program runs .pt and .safetensors files itself, so leave it out")
        }
        do {
            try options.validate()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        if task == .study, GivenOptions().names.contains("--imgsz") {
            Warning.print("--imgsz \(imageSize) is left aside: a study has its own image sizes")
        }
        let interrupts = InterruptHandler()
        defer { withExtendedLifetime(interrupts) {} }
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
        options.maximumDetections = maximumDetections
        options.task = task
        options.labels = labels.options
        options.savesLabels = saveTxt
        options.mergesLabels = saveHybrid
        options.savesConfidences = saveConf
        options.savesDetections = saveJson
        options.annotations = annotations
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
