import ArgumentParser
import Imaging
import Torch
import YOLOData
import YOLOTraining

/// Augmented 640-pixel training samples a second of one thread: the peer's `loader`.
struct LoaderBenchmark {
    let fixtures: FixtureFolder

    private static let imageSize = 640
    private static let samples = 128

    func figures() throws -> [String: Double] {
        let description = try DatasetDescription(contentsOf: fixtures.dataset)
        let images = try LabeledImageSet(
            description.train, of: description, name: "train", requiresLabels: true)
        return try ["loader_low_disk": samplesPerSecond(images, .none), "loader_low_ram": samplesPerSecond(images, .ram)]
    }

    private func samplesPerSecond(_ images: LabeledImageSet, _ cache: ImageCache) throws -> Double {
        var options = TrainingDataOptions()
        (options.imageSize, options.augmentation, options.cache) = (Self.imageSize, Hyperparameters().augmentation, cache)
        let dataset = try TrainingDataset(images, options)
        var picture = Image(width: Self.imageSize, height: Self.imageSize)
        return try picture.withMutableView { view in
            for index in 0..<8 { _ = try dataset.draw(index, epoch: 0, on: view) }
            let start = ContinuousClock.now
            for index in 0..<Self.samples { _ = try dataset.draw(index % images.images.count, epoch: 1, on: view) }
            return Double(Self.samples) / (start.duration(to: .now) / .seconds(1))
        }
    }
}

/// The measurements that run inside this program.
enum InProcessMeasurement: String, ExpressibleByArgument {
    case stepFP32 = "step-fp32"
    case stepAuto = "step-auto"
    case loader
    case checkpointWrite = "checkpoint-write"
    case checkpointRead = "checkpoint-read"
    case plainRead = "plain-read"

    /// - Parameter file: where the measurements of checkpoints have theirs.
    func figures(_ fixtures: FixtureFolder, file: String) throws -> [String: Double] {
        switch self {
        case .stepFP32: try StepBenchmark(precision: .float32, suffix: "fp32").figures()
        case .stepAuto:
            try StepBenchmark(precision: Runtime.cpuPrefersBFloat16 ? .bfloat16 : .float32, suffix: "auto").figures()
        case .loader: try LoaderBenchmark(fixtures: fixtures).figures()
        case .checkpointWrite: try CheckpointBenchmark(file: file).prepare()
        case .checkpointRead: try CheckpointBenchmark(file: file).read()
        case .plainRead: try CheckpointBenchmark(file: file).readPlainly()
        }
    }
}
