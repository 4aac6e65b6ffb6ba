import YOLOData
import YOLOModel
import YOLOTraining

extension TrainCommand {
    /// Changes what the flags that are given say; `--hyp` and `--config` name files, which are read before.
    func apply(_ given: GivenOptions, to options: inout TrainingOptions) {
        for (flag, set) in Self.settings where given.names.contains(flag) { set(self, &options) }
    }

    private typealias Setting = @Sendable (TrainCommand, inout TrainingOptions) -> Void

    private static let settings: [(flag: String, set: Setting)] = [
        // What is trained on what
        ("--weights", { $1.weights = $0.weights }),
        ("--cfg", { $1.configuration = $0.cfg }),
        ("--data", { $1.data = $0.data }),
        ("--epochs", { $1.epochs = $0.epochs }),
        ("--batch-size", { $1.batchSize = $0.batchSize }),
        ("--imgsz", { $1.imageSize = $0.imageSize }),
        ("--seed", { $1.seed = $0.seed }),
        // Pictures
        ("--rect", { $1.usesRectangularBatches = $0.rect }),
        ("--quad", { $1.joinsFour = $0.quad }),
        ("--image-weights", { $1.weighsImages = $0.imageWeights }),
        ("--multi-scale", { $1.variesImageSize = $0.multiScale }),
        ("--albumentations", { $1.hyperparameters.augmentation.albumentations = $0.albumentations ? 1 : 0 }),
        ("--noautoanchor", { $1.keepsAnchors = $0.noautoanchor }),
        ("--single-cls", { $1.labels.isSingleClass = $0.labels.isSingleClass }),
        ("--label-policy", { $1.labels.policy = $0.labels.labelPolicy }),
        ("--verify-cache", { $1.labels.verifiesCache = $0.labels.verifyCache }),
        ("--cache", { ($1.cache, $1.cachesValidationOnly) = ($0.cache.imageCache, $0.cache == .val) }),
        ("--cache-folder", { $1.cacheLocation = $0.cacheFolder ?? .user }),
        ("--cache-ram", { $1.cacheBudget = $0.cacheRam }),
        // Learning
        ("--optimizer", { $1.optimizer = $0.optimizer }),
        ("--cos-lr", { $1.usesCosineSchedule = $0.usesCosine }),
        ("--freeze", { $1.frozenRows = FrozenRows(flag: $0.freeze) }),
        ("--label-smoothing", { $1.hyperparameters.loss.labelSmoothing = $0.labelSmoothing ?? 0 }),
        ("--patience", { $1.patience = $0.patience }),
        ("--precision", { $1.precision = $0.flags.precision }),
        // Files
        ("--nosave", { $1.savesOnlyAtEnd = $0.nosave }),
        ("--noval", { $1.validatesOnlyAtEnd = $0.noval }),
        ("--noplots", { $1.drawsNothing = $0.noplots }),
        ("--plots-format", { $1.plotFormat = $0.plotsFormat }),
        ("--save-period", { $1.savePeriod = $0.savePeriod }),
        ("--save-steps", { $1.saveSteps = $0.saveSteps }),
        ("--project", { $1.project = $0.project }),
        ("--name", { $1.name = $0.flags.name }),
        ("--exist-ok", { $1.reusesFolder = $0.flags.existOk }),
        // The machine
        ("--device", { $1.device = $0.flags.device }),
        ("--workers", { $1.workers = $0.flags.workers }),
        ("--offline", { $1.isOffline = $0.flags.offline }),
        ("--allow-scripts", { $1.allowsScripts = $0.flags.allowScripts }),
    ]
}
