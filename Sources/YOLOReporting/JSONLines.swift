import Detection

/// A value that is null where there is none, instead of a key that is left out.
package struct OrNull<Value: Encodable>: Encodable {
    private let value: Value?

    package init(_ value: Value?) { self.value = value }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value { try container.encode(value) } else { try container.encodeNil() }
    }
}

typealias JSONNumber = OrNull<Double>

extension OrNull<Double> {
    /// JSON has no infinity and no NaN.
    init(finite value: Double?) { self.init(value.flatMap { $0.isFinite ? $0 : nil }) }
}

// MARK: The run

struct StartLine: Encodable {
    private let command, environment: String
    private let options, hyperparameters: [String: String]

    init(_ run: RunDescription) {
        (command, environment) = (run.command, run.environment)
        options = Self.object(run.options)
        hyperparameters = Self.object(run.hyperparameters)
    }

    private static func object(_ settings: [Setting]) -> [String: String] {
        Dictionary(settings.map { ($0.name, $0.value) }) { $1 }
    }
}

struct ParameterLine: Encodable {
    private let name, value, reason: String

    init(_ change: ParameterChange) { (name, value, reason) = (change.name, change.value, change.reason) }
}

struct SetupLine: Encodable {
    private let epochs, batches, workers: Int
    private let batchSize, imageSize, trainingImages, validationImages: Int
    private let classes, data, caches: [String]
    private let device, model, weights, anchors, optimizer, folder: String

    private enum CodingKeys: String, CodingKey {
        case epochs, batches, workers, classes, data, caches, device, model, weights, anchors, optimizer, folder
        case batchSize = "batch_size"
        case imageSize = "image_size"
        case trainingImages = "train_images"
        case validationImages = "val_images"
    }

    init(_ plan: TrainingPlan) {
        (epochs, batches, workers) = (plan.epochs, plan.batchesPerEpoch, plan.workers)
        (batchSize, imageSize) = (plan.batchSize, plan.imageSize)
        (trainingImages, validationImages) = (plan.trainingImages, plan.validationImages)
        (classes, data, caches) = (plan.classNames, plan.dataSummaries, plan.cacheSummaries)
        (device, model, weights) = (plan.device, plan.modelSummary, plan.weightsSummary)
        (anchors, optimizer, folder) = (plan.anchorsSummary, plan.optimizerSummary, plan.folder)
    }
}

struct EndLine: Encodable {
    private let ending, folder: String
    private let bestEpoch, epochs: OrNull<Int>
    private let seconds: JSONNumber
    private let weights, pictures: [String]
    private let metrics: OrNull<MetricsObject>

    private enum CodingKeys: String, CodingKey {
        case ending, folder, epochs, seconds, weights, pictures, metrics
        case bestEpoch = "best_epoch"
    }

    init(_ outcome: TrainingOutcome) {
        switch outcome.ending {
        case .lastEpoch: (ending, bestEpoch) = ("last_epoch", OrNull(nil))
        case .noImprovement(let epoch, _): (ending, bestEpoch) = ("no_improvement", OrNull(epoch))
        case .requested: (ending, bestEpoch) = ("requested", OrNull(nil))
        case .interrupted: (ending, bestEpoch) = ("interrupted", OrNull(nil))
        }
        folder = outcome.folder
        epochs = OrNull(outcome.epochs)
        seconds = JSONNumber(finite: outcome.duration.seconds)
        (weights, pictures) = (outcome.weights, outcome.pictures)
        metrics = OrNull(outcome.best.map { MetricsObject($0.results) })
    }

    init(_ report: ValidationReport, seconds: Double, folder: String, pictures: [String]) {
        (ending, self.folder) = ("validated", folder)
        (bestEpoch, epochs) = (OrNull(nil), OrNull(nil))
        self.seconds = JSONNumber(finite: seconds)
        (weights, self.pictures) = ([], pictures)
        metrics = OrNull(MetricsObject(report.results))
    }
}

struct ErrorLine: Encodable {
    let message: String
}

// MARK: Progress

struct BatchLine: Encodable {
    private let epoch, epochs, batch, batches, instances: Int
    private let imageSize, deviceMemory: Int
    private let losses: LossesObject
    private let waitShare: JSONNumber

    private enum CodingKeys: String, CodingKey {
        case epoch, epochs, batch, batches, instances, losses
        case imageSize = "image_size"
        case deviceMemory = "device_memory"
        case waitShare = "wait_share"
    }

    init(_ report: BatchReport, _ losses: LossItems) {
        let position = report.position
        (epoch, epochs) = (position.epoch.epoch, position.epoch.epochs)
        (batch, batches) = (position.batch, position.epoch.batches)
        (instances, imageSize, deviceMemory) = (report.instances, report.imageSize, report.deviceMemory)
        self.losses = LossesObject(losses)
        waitShare = JSONNumber(finite: report.waitShare)
    }
}

struct EpochLine: Encodable {
    private let epoch, epochs: Int
    private let losses: LossesObject
    private let metrics: OrNull<MetricsObject>
    private let learningRates: [JSONNumber]
    private let isBest, isLast: Bool

    private enum CodingKeys: String, CodingKey {
        case epoch, epochs, losses, metrics
        case learningRates = "learning_rates"
        case isBest = "best"
        case isLast = "last"
    }

    init(_ summary: EpochSummary) {
        (epoch, epochs) = (summary.position.epoch, summary.position.epochs)
        losses = LossesObject(summary.losses)
        metrics = OrNull(summary.validation.map { MetricsObject($0.results) })
        learningRates = summary.learningRates.map { JSONNumber(finite: $0) }
        (isBest, isLast) = (summary.isBest, summary.isLast)
    }
}

struct SavedLine: Encodable {
    private let path: String
    private let epoch: Int
    private let batches: OrNull<Int>
    private let isBest: Bool

    private enum CodingKeys: String, CodingKey {
        case path, epoch, batches
        case isBest = "best"
    }

    init(_ saved: SavedModel) {
        (path, epoch, batches, isBest) = (saved.path, saved.epoch, OrNull(saved.batches), saved.isBest)
    }
}

struct ValidationLine: Encodable {
    private struct Class: Encodable {
        let index, labels: Int
        let name: String
        let precision, recall, map50, map: JSONNumber

        init(_ metrics: ClassMetrics, names: [String]) {
            (index, labels) = (metrics.classIndex, metrics.labelCount)
            name = names[metrics.classIndex]
            (precision, recall) = (JSONNumber(finite: metrics.precision), JSONNumber(finite: metrics.recall))
            (map50, map) = (JSONNumber(finite: metrics.ap50), JSONNumber(finite: metrics.ap))
        }
    }

    private struct Speed: Encodable {
        let preprocess, inference, suppression: JSONNumber

        enum CodingKeys: String, CodingKey {
            case preprocess = "preprocess_ms"
            case inference = "inference_ms"
            case suppression = "nms_ms"
        }
    }

    private let images, labels: Int
    private let metrics: MetricsObject
    private let losses: OrNull<LossesObject>
    private let speed: Speed
    private let isFinal: Bool
    private let title: OrNull<String>
    private let classes: OrNull<[Class]>

    private enum CodingKeys: String, CodingKey {
        case images, labels, metrics, losses, speed, title, classes
        case isFinal = "final"
    }

    /// - Parameter title: nil where the validation is a part of an epoch.
    init(_ report: ValidationReport, title: String?) {
        (images, labels) = (report.images, report.labels)
        metrics = MetricsObject(report.results)
        losses = OrNull(report.losses.map(LossesObject.init))
        speed = Speed(
            preprocess: JSONNumber(finite: report.speed.preprocess), inference: JSONNumber(finite: report.speed.inference),
            suppression: JSONNumber(finite: report.speed.nonMaximumSuppression))
        isFinal = title != nil
        self.title = OrNull(title)
        classes = OrNull(title == nil ? nil : report.classes.map { Class($0, names: report.classNames) })
    }
}

// MARK: Parts of lines

struct LossesObject: Encodable {
    private let box, objectness, classification: JSONNumber

    private enum CodingKeys: String, CodingKey {
        case box
        case objectness = "obj"
        case classification = "cls"
    }

    init(_ losses: LossItems) {
        box = JSONNumber(finite: losses.box)
        objectness = JSONNumber(finite: losses.objectness)
        classification = JSONNumber(finite: losses.classification)
    }
}

struct MetricsObject: Encodable {
    private let precision, recall, map50, map, fitness: JSONNumber

    init(_ metrics: MeanMetrics) {
        (precision, recall) = (JSONNumber(finite: metrics.precision), JSONNumber(finite: metrics.recall))
        (map50, map) = (JSONNumber(finite: metrics.map50), JSONNumber(finite: metrics.map))
        fitness = JSONNumber(finite: metrics.fitness)
    }
}
