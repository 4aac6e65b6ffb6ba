import Detection
import Foundation
import Torch
import YOLOModel
import YOLOReporting

/// Finds how many images a batch can have (`--batch-size -1`).
///
/// Memory is measured in real training steps of a few small batches: forward, loss, backward, optimizer, average. It grows along a
/// line, and the line says how many images fill the share of it that may be used. What does not fit is no error here, but an answer.
///
/// Source: the reference's `autobatch`. It takes a batch of 16 on every CPU.
struct BatchSizeSearch {
    /// What a search has found.
    struct Finding {
        let batchSize: Int
        /// How it was found, in one line.
        let reason: String
    }

    let model: DetectionModel
    let options: TrainingOptions
    /// Side of the largest pictures in pixels.
    let imageSize: Int
    /// Objects in a picture.
    let labelsPerImage: Int
    /// Images of the training: a batch has no more.
    let imageCount: Int
    let compute: ComputeDevice

    /// - Throws: `TrainingError.outOfMemory` where not even one image fits.
    func find() throws -> Finding {
        let memory = MemoryMeter(device: compute.device)
        let trial = try Trial(self)
        var measured: [(batchSize: Int, bytes: Int)] = []
        var tooLarge: Int?
        for size in compute.device.isCUDA ? [1, 2, 4, 8, 16] : [1, 2, 4] where size <= imageCount || size == 1 {
            guard let bytes = try memory.peak(of: { try trial.step(size) }) else {
                tooLarge = size
                break
            }
            measured.append((size, bytes))
        }
        guard let last = measured.last else {
            throw TrainingError.outOfMemory(device: compute.description, batchSize: 1, imageSize: imageSize)
        }
        let limit = try memory.limit()
        let line = Line(through: measured.map { (Double($0.batchSize), Double($0.bytes)) })
        var size = min(max(line.place(of: Double(limit)), 1), Double(largest(below: tooLarge)))
        // The line is a guess: on a GPU it costs little to make sure.
        while compute.device.isCUDA, size >= 2, try memory.peak(of: { try trial.step(Int(size)) }) == nil {
            tooLarge = Int(size)
            size *= 0.9
        }
        try compute.device.emptyCache()
        var reason = "a batch of \(last.batchSize) takes \(Self.gigabytes(last.bytes)), \(Self.gigabytes(limit)) may be used"
        if let tooLarge { reason += "; \(tooLarge) images do not fit" }
        return Finding(batchSize: Int(size), reason: reason)
    }

    /// On a CPU more images make nothing faster, only updates rarer than the hyperparameters are made for.
    private func largest(below tooLarge: Int?) -> Int {
        let useful = compute.device.isCUDA ? OptionLimits.batchSize.upperBound : Int(options.hyperparameters.nominalBatchSize)
        return max(min(useful, imageCount, (tooLarge ?? .max) - 1), 1)
    }

    private static func gigabytes(_ bytes: Int) -> String { String(format: "%.2f GB", Double(bytes) / 1e9) }
}

/// A network of the same kind that may learn nonsense.
private final class Trial {
    private let learner: Learner
    private let search: BatchSizeSearch
    private var state = TrainingState()

    init(_ search: BatchSizeSearch) throws {
        self.search = search
        let (options, compute) = (search.options, search.compute)
        let model = try DetectionModel(search.model.configuration)
        try model.move(to: compute.device)
        try model.useChannelsLast()
        _ = try options.frozenRows.freeze(model)
        let criterion = try DetectionLoss(
            model: model,
            options: options.hyperparameters.lossOptions(
                outputLevels: model.strides.count, classCount: model.classCount, imageSize: search.imageSize))
        var hyperparameters = options.hyperparameters
        hyperparameters.nominalBatchSize = 1  // every batch is an update
        learner = try Learner(
            model, optimizer: options.optimizer, criterion: criterion,
            groups: ParameterGroups(model.stateEntries(), hyperparameters, weightDecay: 0),
            schedule: Schedule(hyperparameters, epochs: 1, batchesPerEpoch: 100, batchSize: 1), on: compute, observers: Observers([]))
    }

    /// Learns from `batchSize` gray pictures with labels all over.
    func step(_ batchSize: Int) throws {
        let side = search.imageSize
        let images = try Tensor.full([batchSize, side, side, 3], 0.5, on: search.compute.device).permuted([0, 3, 1, 2])
        let columns = max(Int(Double(search.labelsPerImage).squareRoot().rounded(.up)), 1)
        let targets = (0..<batchSize).flatMap { image in
            (0..<search.labelsPerImage).map { label in
                let (row, column) = label.quotientAndRemainder(dividingBy: columns)
                return GroundTruth(
                    image: image, classIndex: label % search.model.classCount,
                    box: NormalizedBox(
                        centerX: (Float(column) + 0.5) / Float(columns), centerY: (Float(row) + 0.5) / Float(columns), width: 0.1,
                        height: 0.1))
            }
        }
        let position = BatchPosition(batch: 0, epoch: EpochPosition(epoch: 0, epochs: 1, batches: 1))
        let items = try learner.learn(from: images, targets, at: position, &state)
        _ = try items.array(of: Float.self)  // waits for the device
    }
}

/// The straight line with the least squared distance from some points.
private struct Line {
    private let slope, start: Double

    init(through points: [(x: Double, y: Double)]) {
        let count = Double(points.count)
        let meanX = points.map(\.x).reduce(0, +) / count, meanY = points.map(\.y).reduce(0, +) / count
        let spread = points.map { ($0.x - meanX) * ($0.x - meanX) }.reduce(0, +)
        slope = spread > 0 ? points.map { ($0.x - meanX) * ($0.y - meanY) }.reduce(0, +) / spread : 0
        start = meanY - slope * meanX
    }

    /// Where it has that height; infinitely far where it does not rise.
    func place(of height: Double) -> Double { slope > 0 ? (height - start) / slope : .infinity }
}
