import ArgumentParser
import YOLOData
import YOLOModel
import YOLOReporting
import YOLOTraining

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a detector.",
        usage: """
            yolov5 train --weights yolov5n.pt --data coco128.yaml [--img 640] [--batch-size 16] [--epochs 300]
            yolov5 train --weights '' --cfg yolov5n.yaml --data coco128.yaml
            """,
        discussion: """
            Results go to a folder of their own below --project: weights/last.pt, weights/best.pt, results.csv, opt.yaml, \
            hyp.yaml, metrics.json and pictures of predictions.
            """)

    @Option(
        help: """
            Weights (.pt or .safetensors) to start from; '' to start from random ones, with --cfg. Official ones, and those of a web \
            address, are fetched if they are not there.
            """)
    var weights = TrainingOptions().weights

    @Option(help: "Model: a YAML file, or the name of a built-in one (yolov5 model --help). Without it, the weights' own.")
    var cfg = ""

    @Option(help: "Data set: a YAML, or a .zip with one inside; also the web address of a .zip.")
    var data = TrainingOptions().data

    @Option(help: "Hyperparameter YAML.")
    var hyp = "data/hyps/hyp.scratch-low.yaml"

    @Option(help: "Times that every image is seen.")
    var epochs = TrainingOptions().epochs

    @Option(help: "Images a batch.")
    var batchSize = TrainingOptions().batchSize

    @Option(
        name: [.customLong("imgsz"), .customLong("img"), .customLong("img-size")], help: "Side of the training images in pixels.")
    var imageSize = TrainingOptions().imageSize

    @Flag(help: "Pictures as wide and as high as those of their batch need, without mosaics.")
    var rect = false

    @Flag(help: "A quarter as many pictures of twice the size, each of one sample or of four.")
    var quad = false

    @Flag(help: "See images more often whose classes are found badly.")
    var imageWeights = false

    @Flag(help: "Another size for each batch: half of --img to one and a half times.")
    var multiScale = false

    @Flag(help: "Write weights after the last epoch only.")
    var nosave = false

    @Flag(help: "Validate after the last epoch only.")
    var noval = false

    @Flag(help: "Keep the model's anchors, whether they fit the labels or not.")
    var noautoanchor = false

    @Option(help: "Keep images as they are trained on: ram (also without a value), or disk.")
    var cache = ImageCache.none

    @Option(help: "Folder for the files of --cache disk; 'images' puts them beside the images. Without it, your cache folder.")
    var cacheFolder: CacheLocation?

    @Option(help: "Memory for the images of --cache ram: 8GB, or 50% of what is free. Pixels while they fit, then compressed bytes.")
    var cacheRam = CacheBudget.automatic

    @Flag(help: "Blur, median blur, to grey and CLAHE, each of one sample in a hundred.")
    var albumentations = false

    @Option(help: "Optimiser.")
    var optimizer = TrainingOptions().optimizer

    @Flag(name: .customLong("cos-lr"), help: "Let the learning rate fall along a cosine instead of a line.")
    var usesCosine = false

    @Option(
        parsing: .upToNextOption,
        help: "Rows of the network that do not learn: one number for the first so many (10: the backbone), several for those rows.")
    var freeze = TrainingOptions().frozenRows.flag

    @Option(help: "How far class targets move from 0 and 1; overrides the hyperparameter file.")
    var labelSmoothing: Double?

    @Option(help: "Folder of all runs.")
    var project = TrainingOptions().project

    @Option(help: "Seed of weights, order and augmentation.")
    var seed = TrainingOptions().seed

    @Option(
        help: ArgumentHelp(
            "Go on with a run that was stopped: its last.pt; without a path, that of the newest run below this folder.",
            discussion: "Its options come from its opt.yaml; --device, --workers, --offline and --allow-scripts may be given anew.", valueName: "path"))
    var resume: String?

    @OptionGroup
    var labels: LabelFlags

    @OptionGroup
    var flags: RunFlags

    func validate() throws {
        do {
            try options(Hyperparameters()).validate()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        let interrupts = InterruptHandler()
        if let resume { return try goOn(with: resume, interrupts) }
        let options = options(try Hyperparameters(named: hyp))
        let trainer = try Trainer(options, observers: [ConsoleObserver(), interrupts])
        try trainer.run()
    }

    /// - Parameter path: empty for the newest run.
    private func goOn(with path: String, _ interrupts: InterruptHandler) throws {
        let given = GivenOptions(CommandLine.arguments)
        let ignored = given.names.subtracting(["--resume", "--device", "--workers", "--offline", "--allow-scripts"])
        if !ignored.isEmpty {
            Warning.print("a run that goes on takes its options from its opt.yaml; left aside: \(ignored.sorted().joined(separator: ", "))")
        }
        let trainer = try Trainer(
            resuming: path.isEmpty ? nil : path, device: given.names.contains("--device") ? flags.device : nil,
            workers: given.names.contains("--workers") ? flags.workers : nil, isOffline: flags.offline,
            allowsScripts: flags.allowScripts, observers: [ConsoleObserver(), interrupts])
        try trainer.run()
    }

    private func options(_ hyperparameters: Hyperparameters) -> TrainingOptions {
        var options = TrainingOptions()
        options.weights = weights
        options.configuration = cfg
        options.data = data
        options.hyperparameters = hyperparameters
        if let labelSmoothing { options.hyperparameters.loss.labelSmoothing = labelSmoothing }
        options.epochs = epochs
        options.batchSize = batchSize
        options.imageSize = imageSize
        options.usesRectangularBatches = rect
        options.joinsFour = quad
        options.weighsImages = imageWeights
        options.variesImageSize = multiScale
        options.labels = labels.options
        options.savesOnlyAtEnd = nosave
        options.validatesOnlyAtEnd = noval
        options.keepsAnchors = noautoanchor
        options.cache = cache
        options.cacheBudget = cacheRam
        options.cacheLocation = cacheFolder ?? .user
        if albumentations { options.hyperparameters.augmentation.albumentations = 1 }
        options.device = flags.device
        options.optimizer = optimizer
        options.usesCosineSchedule = usesCosine
        options.frozenRows = FrozenRows(flag: freeze)
        options.workers = flags.workers
        options.project = project
        options.name = flags.name
        options.reusesFolder = flags.existOk
        options.seed = seed
        options.precision = flags.precision
        options.isOffline = flags.offline
        options.allowsScripts = flags.allowScripts
        return options
    }
}
