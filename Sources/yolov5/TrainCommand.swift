import ArgumentParser
import Foundation
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

    @Option(help: "Images a batch; -1 for as many as memory allows.")
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

    @Option(help: "Keep the weights of every so many epochs, as epochN.pt; none below 1.")
    var savePeriod = TrainingOptions().savePeriod

    @Option(help: "Write last.pt every so many batches, too; 0 for after an epoch only.")
    var saveSteps = TrainingOptions().saveSteps

    @Option(help: "Epochs without improvement after which training ends; 0 for never.")
    var patience = TrainingOptions().patience

    @Flag(help: "Draw no plots and no pictures.")
    var noplots = false

    @Option(help: "Of the plots.")
    var plotsFormat = TrainingOptions().plotFormat

    @Flag(help: "Validate after the last epoch only.")
    var noval = false

    @Flag(help: "Keep the model's anchors, whether they fit the labels or not.")
    var noautoanchor = false

    @Option(help: "Keep images as they are trained on: ram (also without a value), disk, or val for the validation images only.")
    var cache = CacheChoice.none

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

    @Option(help: ArgumentHelp("Options as an opt.yaml holds them; those on the command line come first.", valueName: "yaml"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Go on with a run that was stopped: its last.pt; without a path, that of the newest run below this folder.",
            discussion: "Its options come from its opt.yaml; --device, --workers, --offline and --allow-scripts may be given anew.", valueName: "path"))
    var resume: String?

    @OptionGroup(title: "Evolution of hyperparameters")
    var evolution: EvolutionFlags

    @OptionGroup
    var labels: LabelFlags

    @OptionGroup
    var flags: RunFlags

    @OptionGroup(title: "Parts that this version lacks")
    var missing: MissingParts

    /// The flags that stand on the command line.
    private static let given = GivenOptions()

    func validate() throws {
        try missing.refuse(Self.given, device: flags.device)
        try evolution.check()
        guard config == nil, resume == nil else { return }
        do {
            var options = TrainingOptions()
            apply(Self.given, to: &options)
            try options.validate()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        let interrupts = InterruptHandler()
        let observers: [any TrainingObserver] = flags.consoles() + [interrupts]
        if let generations = evolution.evolve {
            let options = try options().resumingSearch(resume)
            if try evolution.run(options, generations, observers) { return }
            throw ExitCode(interrupts.exitCode ?? 1)
        }
        let trainer = if let resume {
            try interrupted(resume, observers)
        } else {
            try Trainer(options(), observers: observers)
        }
        let outcome = try trainer.run()
        if outcome.ending == .interrupted, let code = interrupts.exitCode { throw ExitCode(code) }
    }

    /// - Parameter path: empty for the newest run.
    private func interrupted(_ path: String, _ observers: [any TrainingObserver]) throws -> Trainer {
        let names = Self.given.names
        let ignored = names.subtracting(["--resume", "--device", "--workers", "--offline", "--allow-scripts", "--quiet", "--json"])
        if !ignored.isEmpty {
            Warning.print("a run that goes on takes its options from its opt.yaml; left aside: \(ignored.sorted().joined(separator: ", "))")
        }
        return try Trainer(
            resuming: path.isEmpty ? nil : path, device: names.contains("--device") ? flags.device : nil,
            workers: names.contains("--workers") ? flags.workers : nil, isOffline: flags.offline,
            allowsScripts: flags.allowScripts, observers: observers)
    }

    /// What `--config` says, and over it what stands on the command line.
    private func options() throws -> TrainingOptions {
        var options = TrainingOptions()
        let given = Self.given
        if let config {
            let warnings: [String]
            (options, warnings) = try TrainingOptions.read(config)
            warnings.forEach(Warning.print)
        }
        if config == nil || given.names.contains("--hyp") { options.hyperparameters = try Hyperparameters(named: hyp) }
        apply(given, to: &options)
        return options
    }
}

extension TrainingOptions {
    /// For a search: `--resume` goes on with the one in the run's folder, as in the reference, or in the folder that it names.
    fileprivate func resumingSearch(_ folder: String?) -> TrainingOptions {
        guard let folder else { return self }
        var options = self
        options.reusesFolder = true
        if !folder.isEmpty {
            let url = URL(fileURLWithPath: folder)
            (options.project, options.name) = (url.deletingLastPathComponent().path, url.lastPathComponent)
        }
        return options
    }
}
