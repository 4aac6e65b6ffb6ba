import Foundation
public import YOLOData
import YOLOModel
public import YOLOReporting

/// Everything that a user decides about a training run. Names in parentheses are the command's flags.
public struct TrainingOptions: Sendable, Hashable {
    /// The algorithm that changes the weights (`--optimizer`).
    public enum OptimizerKind: String, Sendable, CaseIterable {
        case sgd = "SGD"
        case adam = "Adam"
        case adamW = "AdamW"
    }

    /// Weights to start from (`--weights`); empty to start from random ones, which needs `configuration`.
    public var weights = "yolov5s.pt"
    /// Model YAML (`--cfg`); empty to take the one inside the weights.
    public var configuration = ""
    /// Data set YAML (`--data`).
    public var data = "data/coco128.yaml"
    public var hyperparameters = Hyperparameters()
    public var epochs = 300
    /// Images a batch (`--batch-size`); `automaticBatchSize` for as many as memory allows.
    public var batchSize = 16
    public static let automaticBatchSize = -1
    /// Side of the square training images in pixels (`--imgsz`).
    public var imageSize = 640
    /// Pictures as wide and as high as those of their batch need, without mosaics (`--rect`).
    public var usesRectangularBatches = false
    /// A quarter as many pictures of twice the size, each of one sample or of four (`--quad`).
    public var joinsFour = false
    /// See images more often whose classes are found badly (`--image-weights`).
    public var weighsImages = false
    /// Another size for each batch, half as large to one and a half times (`--multi-scale`).
    public var variesImageSize = false
    /// How labels are read: `--single-cls`, `--label-policy`, `--verify-cache`.
    public var labels = LabelOptions()
    /// Write weights after the last epoch only (`--nosave`).
    public var savesOnlyAtEnd = false
    /// Epochs between two `epochN.pt` (`--save-period`); none below 1.
    public var savePeriod = -1
    /// Batches between two writings of `last.pt` within an epoch (`--save-steps`); 0 for none.
    public var saveSteps = 0
    /// Epochs without improvement after which training ends (`--patience`); 0 for no end of it.
    public var patience = 100
    /// Validate after the last epoch only (`--noval`).
    public var validatesOnlyAtEnd = false
    /// Train with the anchors that the model has, whether they fit the labels or not (`--noautoanchor`).
    public var keepsAnchors = false
    /// Where images wait between epochs (`--cache`).
    public var cache = ImageCache.none
    /// Memory that the images of `--cache ram` may take (`--cache-ram`).
    public var cacheBudget = CacheBudget.automatic
    /// Cache the validation images only, in memory (`--cache val`).
    public var cachesValidationOnly = false
    /// Where the files of `--cache disk` lie (`--cache-folder`).
    public var cacheLocation = CacheLocation.user
    /// `cpu`, a number of a CUDA device, or empty for the best one there is (`--device`).
    public var device = ""
    public var optimizer = OptimizerKind.sgd
    /// Rows of the network that do not learn (`--freeze`).
    public var frozenRows = FrozenRows.first(0)
    /// Let the learning rate fall along a cosine instead of a line (`--cos-lr`).
    public var usesCosineSchedule = false
    /// Loader threads (`--workers`); the result does not depend on it.
    public var workers = 8
    /// Folder of all runs (`--project`) and name of this one (`--name`).
    public var project = "runs/train"
    public var name = "exp"
    /// Draw no plots and no pictures (`--noplots`).
    public var drawsNothing = false
    /// Of the plots (`--plots-format`).
    public var plotFormat = ChartFormat.png
    /// Write into a run folder that exists instead of counting on (`--exist-ok`).
    public var reusesFolder = false
    /// Seed of weights, order and augmentation (`--seed`).
    public var seed = 0
    public var precision = PrecisionMode.auto
    /// Fetch nothing from the network, neither weights nor data (`--offline`).
    public var isOffline = false
    /// Let a script under `download:` of the data set's YAML run (`--allow-scripts`).
    public var allowsScripts = false

    public init() {}

    /// The name of the run's folder: that of the model where the name is `cfg`, as in the reference.
    var runName: String {
        guard name == "cfg", !configuration.isEmpty else { return name }
        return URL(fileURLWithPath: configuration).deletingPathExtension().lastPathComponent
    }

    /// Names as in the reference's `opt.yaml`, values as text, without the hyperparameters.
    var settings: [(name: String, value: OptionValue)] {
        [
            ("weights", .text(weights)), ("cfg", .text(configuration)), ("data", .text(data)),
            ("epochs", .integer(epochs)), ("batch_size", .integer(batchSize)), ("imgsz", .integer(imageSize)),
            ("rect", .flag(usesRectangularBatches)),
            ("nosave", .flag(savesOnlyAtEnd)), ("noval", .flag(validatesOnlyAtEnd)), ("noautoanchor", .flag(keepsAnchors)),
            ("noplots", .flag(drawsNothing)), ("plots_format", .text(plotFormat.rawValue)),
            ("cache", cachesValidationOnly ? .text("val") : cache == .none ? .absent : .text(cache.rawValue)), ("image_weights", .flag(weighsImages)),
            ("device", .text(device)), ("multi_scale", .flag(variesImageSize)), ("single_cls", .flag(labels.isSingleClass)),
            ("optimizer", .text(optimizer.rawValue)), ("workers", .integer(workers)), ("project", .text(project)),
            ("name", .text(name)), ("exist_ok", .flag(reusesFolder)), ("quad", .flag(joinsFour)), ("cos_lr", .flag(usesCosineSchedule)),
            ("label_smoothing", .number(hyperparameters.loss.labelSmoothing)),
            ("patience", .integer(patience)), ("freeze", .integers(frozenRows.flag)), ("save_period", .integer(savePeriod)),
            ("save_steps", .integer(saveSteps)), ("seed", .integer(seed)),
            ("precision", .text(precision.rawValue)), ("label_policy", .text(labels.policy.rawValue)),
            ("verify_cache", .flag(labels.verifiesCache)), ("cache_ram", .text(cacheBudget.description)),
            ("cache_folder", .text(cacheLocation.description)),
        ]
    }
}

/// Which numbers a network computes with (`--precision`).
public enum PrecisionMode: String, Sendable, CaseIterable {
    /// float16 with a gradient scaler on CUDA, bfloat16 on a CPU that has instructions for it, else float32.
    case auto
    case fp32, bf16, fp16
}
