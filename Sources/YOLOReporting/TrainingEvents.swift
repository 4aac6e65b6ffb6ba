/// What is about to run: the command's name, and its options as the user would write them.
public struct RunDescription: Sendable, Hashable {
    /// `train` or `val`.
    public let command: String
    /// Option names without dashes and their values, in the order of the help.
    public let options: [Setting]
    public let hyperparameters: [Setting]
    /// One line on the program, its libraries and the machine; empty where nobody looked.
    public let environment: String

    public init(command: String, options: [Setting], hyperparameters: [Setting] = [], environment: String = "") {
        self.command = command
        self.options = options
        self.hyperparameters = hyperparameters
        self.environment = environment
    }
}

/// A name and its value as text.
public struct Setting: Sendable, Hashable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// How far the reading of a part of the data set is.
public struct DataScan: Sendable, Hashable {
    /// Of the part: `train`, `val`.
    public let name: String
    /// Images that are read, of all that have to be.
    public let done, total: Int
    /// Label files so far that exist, that do not, and that hold no object; images that cannot be used.
    public let found, missing, empty, corrupt: Int

    public init(name: String, done: Int, total: Int, found: Int, missing: Int, empty: Int, corrupt: Int) {
        self.name = name
        (self.done, self.total) = (done, total)
        (self.found, self.missing, self.empty, self.corrupt) = (found, missing, empty, corrupt)
    }
}

/// How far the filling of an image cache is.
public struct CacheFilling: Sendable, Hashable {
    /// Of the part of the data set: `train`, `val`.
    public let name: String
    /// Images that are cached, of all.
    public let done, total: Int

    public init(name: String, done: Int, total: Int) { (self.name, self.done, self.total) = (name, done, total) }
}

/// Everything that is decided before the first epoch.
public struct TrainingPlan: Sendable, Hashable {
    public var epochs: Int
    public var batchesPerEpoch: Int
    public var batchSize: Int
    /// Side of the training images in pixels.
    public var imageSize: Int
    public var trainingImages: Int
    public var validationImages: Int
    /// A line for each part of the data set: its images, labels, and what was left out.
    public var dataSummaries: [String]
    public var classNames: [String]
    /// Loader threads.
    public var workers: Int
    /// The device and the precision, as a user would name them: `CPU, bf16`.
    public var device: String
    /// One line on the network: layers, parameters, gradients, GFLOPs.
    public var modelSummary: String
    /// One line on the weights it starts from: `Transferred 349/349 items from yolov5n.pt`.
    public var weightsSummary: String
    /// A line on how the anchors fit, and one for each level of new ones; empty where that was not looked at.
    public var anchorsSummary: String
    /// One line on the optimiser and its parameter groups.
    public var optimizerSummary: String
    /// The run's folder as the user would type it.
    public var folder: String
    /// A line for each set of images that is cached: what its cache has come to.
    public var cacheSummaries: [String]

    public init(
        epochs: Int, batchesPerEpoch: Int, batchSize: Int, imageSize: Int, trainingImages: Int, validationImages: Int,
        dataSummaries: [String], classNames: [String], workers: Int, device: String, modelSummary: String, weightsSummary: String,
        anchorsSummary: String = "", optimizerSummary: String, folder: String, cacheSummaries: [String] = []
    ) {
        self.epochs = epochs
        self.batchesPerEpoch = batchesPerEpoch
        self.batchSize = batchSize
        self.imageSize = imageSize
        self.trainingImages = trainingImages
        self.validationImages = validationImages
        self.dataSummaries = dataSummaries
        self.classNames = classNames
        self.workers = workers
        self.device = device
        self.modelSummary = modelSummary
        self.weightsSummary = weightsSummary
        self.anchorsSummary = anchorsSummary
        self.optimizerSummary = optimizerSummary
        self.folder = folder
        self.cacheSummaries = cacheSummaries
    }
}

/// An option that had to be adjusted, and why.
public struct ParameterChange: Sendable, Hashable {
    public let name: String
    public let value: String
    public let reason: String

    public init(name: String, value: String, reason: String) {
        self.name = name
        self.value = value
        self.reason = reason
    }
}

/// Where in the run an epoch stands, counted from 0.
public struct EpochPosition: Sendable, Hashable {
    public let epoch: Int
    public let epochs: Int
    public let batches: Int

    public init(epoch: Int, epochs: Int, batches: Int) {
        self.epoch = epoch
        self.epochs = epochs
        self.batches = batches
    }
}

/// Where in the run a batch stands; both counts begin at 0.
public struct BatchPosition: Sendable, Hashable {
    public let batch: Int
    public let epoch: EpochPosition
    /// Batches since the run began.
    public var iteration: Int { epoch.epoch * epoch.batches + batch }

    public init(batch: Int, epoch: EpochPosition) {
        self.batch = batch
        self.epoch = epoch
    }
}

/// The three parts of the loss, each with its gain.
public struct LossItems: Sendable, Hashable {
    public var box: Double
    public var objectness: Double
    public var classification: Double

    public init(box: Double, objectness: Double, classification: Double) {
        self.box = box
        self.objectness = objectness
        self.classification = classification
    }
}

/// A batch that has been learnt from.
public struct BatchReport: Sendable, Hashable {
    public let position: BatchPosition
    /// Labels in the batch.
    public let instances: Int
    /// Side of the images in pixels.
    public let imageSize: Int
    /// Bytes that the accelerator holds reserved; 0 without one.
    public let deviceMemory: Int
    /// The share of the epoch so far that was spent waiting for data, 0 to 1.
    public let waitShare: Double
    /// Mean over the epoch so far. Nil between two looks at the device: reading it makes the device wait, so the trainer does so
    /// only every fraction of a second and at the end of an epoch.
    public let meanLosses: LossItems?

    public init(
        position: BatchPosition, instances: Int, imageSize: Int, deviceMemory: Int, waitShare: Double = 0, meanLosses: LossItems?
    ) {
        self.position = position
        self.instances = instances
        self.imageSize = imageSize
        self.deviceMemory = deviceMemory
        self.waitShare = waitShare
        self.meanLosses = meanLosses
    }
}

/// An epoch with its training losses and rates, and its validation if there was one.
public struct EpochSummary: Sendable, Hashable {
    public let position: EpochPosition
    public let losses: LossItems
    public let validation: ValidationReport?
    /// Learning rates of the epoch's last batch, by parameter group: biases, decayed weights, norm weights.
    public let learningRates: [Double]
    /// The highest fitness so far belongs to this epoch.
    public let isBest: Bool
    /// No epoch follows.
    public let isLast: Bool

    public init(
        position: EpochPosition, losses: LossItems, validation: ValidationReport?, learningRates: [Double], isBest: Bool,
        isLast: Bool = false
    ) {
        self.position = position
        self.losses = losses
        self.validation = validation
        self.learningRates = learningRates
        self.isBest = isBest
        self.isLast = isLast
    }
}

/// A weights file that was written.
public struct SavedModel: Sendable, Hashable {
    public let path: String
    /// The epoch that it was written after, or in.
    public let epoch: Int
    /// Batches of that epoch that are in it; nil where the epoch is whole.
    public let batches: Int?
    /// `best.pt`, as opposed to `last.pt` and `epochN.pt`.
    public let isBest: Bool

    public init(path: String, epoch: Int, batches: Int? = nil, isBest: Bool) {
        self.path = path
        self.epoch = epoch
        self.batches = batches
        self.isBest = isBest
    }
}

/// How a training ended.
public struct TrainingOutcome: Sendable, Hashable {
    /// Why there are no further epochs.
    public enum Ending: Sendable, Hashable {
        /// All of them are done.
        case lastEpoch
        /// None of the latest ones was better than one before, for as many as `--patience` allows.
        case noImprovement(since: Int, patience: Int)
        /// An observer asked for it, after an epoch.
        case requested
        /// An observer asked for it, in the middle: `last.pt` has what a training needs to go on.
        case interrupted
    }

    public var ending: Ending
    /// Epochs that are done.
    public var epochs: Int
    public var duration: Duration
    /// What the best weights find in the validation images; nil where the run was interrupted.
    public var best: ValidationReport?
    /// Weights and pictures that the user will look for, as paths to type.
    public var weights: [String]
    public var pictures: [String]
    /// The run's folder as a path to type.
    public var folder: String

    public init(
        ending: Ending = .lastEpoch, epochs: Int, duration: Duration, best: ValidationReport? = nil, weights: [String],
        pictures: [String] = [], folder: String
    ) {
        self.ending = ending
        self.epochs = epochs
        self.duration = duration
        self.best = best
        self.weights = weights
        self.pictures = pictures
        self.folder = folder
    }
}
