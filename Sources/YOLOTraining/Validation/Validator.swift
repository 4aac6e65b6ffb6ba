import Detection
import Torch
import YOLOData
import YOLOModel
import YOLOReporting

/// Measures what a predictor finds in a data set.
///
/// Non-maximum suppression and matching of a batch run beside the network's work on the next one.
/// Source: `run` of the reference's `val.py`.
package final class Validator {
    private let loader: DataLoader
    private let imageCount: Int
    private let classNames: [String]
    private var compute: ComputeDevice
    private let suppression: NonMaximumSuppression
    private let observers: Observers
    /// The first images of the first batches of the latest full examination, for pictures.
    private(set) var examples: [[ExaminedImage]] = []
    private static let (exampleBatches, examplesPerBatch) = (3, 16)

    init(
        _ loader: DataLoader, imageCount: Int, classNames: [String], on compute: ComputeDevice,
        suppression: NonMaximumSuppression, observers: Observers
    ) {
        self.loader = loader
        self.imageCount = imageCount
        self.classNames = classNames
        self.compute = compute
        self.suppression = suppression
        self.observers = observers
    }

    /// What a validation of finished weights does beside measuring.
    struct Examination {
        var rule: SearchRule
        /// Keeps confusion matrix and curves.
        var gathersDetails = true
        /// Keeps images for pictures.
        var keepsExamples = true
        /// Hears of every image.
        var files: PredictionFiles?
        /// Images, channels, height, width of a batch; for the report.
        var batchShape: [Int] = []
        /// Whether the network sees the first batch once before time is taken: the first time, kernels are made.
        var warmsUp = false
    }

    /// Computes in float32 from now on, whatever was asked for.
    func useFloat32() { compute = compute.inFloat32 }

    /// Measures what a network, or what looks with networks, finds.
    /// - Parameters:
    ///   - predictor: is not changed.
    ///   - title: lines above the table.
    /// - Throws: Also what `examination.files` throws.
    func evaluate(_ predictor: any Predictor, title: String, _ examination: Examination) throws -> ValidationReport {
        let network = try predictor.fused(as: compute.precision.scalarType)
        return try evaluate(criterion: nil, title: title, examination) { images throws(TorchError) in
            (try network.predictions(for: images), [])
        }
    }

    /// Measures the network of a training, as a part of an epoch: the report has the losses over the data set too.
    /// - Parameter model: is not changed.
    func evaluate(_ model: DetectionModel, criterion: DetectionLoss) throws -> ValidationReport {
        let network = try model.fused(as: compute.precision.scalarType)
        let quick = Examination(rule: SearchRule(suppression: suppression), gathersDetails: false, keepsExamples: false)
        return try evaluate(criterion: criterion, title: nil, quick) { images throws(TorchError) in
            try network.foundBoxes(in: images)
        }
    }

    /// - Parameter network: for images `[N, 3, H, W]` the boxes in them, and the raw levels where a loss is wanted.
    private func evaluate(
        criterion: DetectionLoss?, title: String?, _ examination: Examination,
        _ network: (Tensor) throws(TorchError) -> (predictions: Tensor, levels: [HeadLevel])
    ) throws -> ValidationReport {
        let plan = ValidationPlan(batches: loader.batchCount, images: imageCount, title: title)
        observers { try $0.validationDidStart(plan) }
        var criterion = criterion
        var findings = Findings(classCount: classNames.count, hasDetails: examination.gathersDetails)
        var losses = RunningLosses()
        var search: ObjectSearch?
        examples = []

        var batches = loader.batches(epoch: 0)
        while let batch = try batches.next() {
            batch.warnings.forEach(Warning.print)
            let position = ValidationBatch(index: batch.index, count: loader.batchCount)
            observers { try $0.validationBatchDidStart(position) }
            let images = try findings.timing(\.preprocess, on: compute.device) { () throws(TorchError) in
                try batch.imageTensor(on: compute.device)
            }
            if examination.warmsUp, batch.index == 0 { _ = try withInferenceMode { () throws(TorchError) in try network(images) } }
            let (predictions, levels) = try findings.timing(\.inference, on: compute.device) { () throws(TorchError) in
                try withInferenceMode { () throws(TorchError) in try network(images) }
            }
            if let items = try criterion?(levels, batch.targets).items { try losses.add(items) }
            if let search { try record(search, in: &findings, examination) }
            search = try ObjectSearch(in: predictions.to(.cpu), of: batch, by: examination.rule)
            observers { try $0.validationBatchDidEnd(position) }
            if observers.stopRequest == .now { throw Interruption() }
        }
        if let search { try record(search, in: &findings, examination) }

        var report = findings.report(classNames: classNames, losses: criterion == nil ? nil : try losses.mean())
        report.speed.batchShape = examination.batchShape
        report.coco = try examination.files?.finish()
        observers { try $0.validationDidEnd(report) }
        return report
    }

    private func record(_ search: ObjectSearch, in findings: inout Findings, _ examination: Examination) throws {
        let images = search.wait()
        if examination.keepsExamples, examples.count < Self.exampleBatches { examples.append(Array(images.prefix(Self.examplesPerBatch))) }
        for image in images {
            findings.tally.add(image.objects, labels: image.labels)
            findings.confusion?.add(image.objects, labels: image.labels)
            try examination.files?.add(image)
            observers { try $0.validationImageDidEnd(ValidationImage(path: image.path, objects: image.objects)) }
        }
        findings.times.suppression += search.duration
    }
}

/// What a validation has gathered so far.
private struct Findings {
    struct Times {
        var preprocess = Duration.zero
        var inference = Duration.zero
        var suppression = Duration.zero
    }

    var tally: DetectionTally
    var confusion: ConfusionMatrix?
    var times = Times()
    private let hasDetails: Bool

    init(classCount: Int, hasDetails: Bool) {
        self.hasDetails = hasDetails
        tally = DetectionTally(classCount: classCount)
        if hasDetails, classCount <= ConfusionMatrix.mostClasses { confusion = ConfusionMatrix(classCount: classCount) }
    }

    /// Runs `work` and adds the wall time until the device has done it.
    mutating func timing<Result>(
        _ part: WritableKeyPath<Times, Duration>, on device: Device, _ work: () throws(TorchError) -> Result
    ) throws(TorchError) -> Result {
        let start = ContinuousClock.now
        let result = try work()
        try device.synchronize()
        times[keyPath: part] += start.duration(to: .now)
        return result
    }

    func report(classNames: [String], losses: LossItems?) -> ValidationReport {
        let metrics = tally.metrics()
        func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(max(tally.imageCount, 1)) }
        return ValidationReport(
            mean: metrics.mean, classes: metrics.classes, classNames: classNames, images: tally.imageCount,
            labels: tally.labelCounts.reduce(0, +),
            speed: .init(
                preprocess: milliseconds(times.preprocess), inference: milliseconds(times.inference),
                nonMaximumSuppression: milliseconds(times.suppression)),
            losses: losses, details: hasDetails ? ValidationDetails(metrics: metrics, confusion: confusion) : nil)
    }
}
