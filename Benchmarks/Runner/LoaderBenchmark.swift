import Foundation
import Imaging
import Torch
import YOLOData
import YOLOTraining

/// Augmented 640-pixel training samples a second, from files and from memory: the peer's `loader`.
struct LoaderBenchmark {
    let fixtures: FixtureFolder

    private static let imageSize = 640
    private static let samples = 128

    /// Of one thread, by hyperparameters and cache; and how many times as many two threads make.
    func figures() throws -> [String: Double] {
        Runtime.keepFreedMemory()  // as a training does
        var figures: [String: Double] = [:]
        for (name, labels) in [("low", BenchmarkData.Labels.boxes), ("high", .polygons)] {
            let data = try BenchmarkData(fixtures, labels: labels)
            defer { data.remove() }
            let description = try DatasetDescription(contentsOf: data.description.path)
            let images = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
            let augmentation = try Hyperparameters(named: "hyp.scratch-\(name).yaml").augmentation
            for (place, cache) in [("disk", ImageCacheSettings.none), ("ram", .ram)] {
                var options = TrainingDataOptions()
                (options.imageSize, options.augmentation, options.cache) = (Self.imageSize, augmentation, cache)
                let dataset = try TrainingDataset(images, options)
                figures["loader_\(name)_\(place)"] = try samplesPerSecond(dataset, imageCount: images.imageCount)
                if name == "low" { figures["loader_scaling_\(place)"] = try scaling(dataset) }
            }
        }
        return figures
    }

    private func samplesPerSecond(_ dataset: TrainingDataset, imageCount: Int) throws -> Double {
        var picture = Image(width: Self.imageSize, height: Self.imageSize)
        return try picture.withMutableView { view in
            for index in 0..<8 { _ = try dataset.draw(index, epoch: 0, on: view) }
            let start = ContinuousClock.now
            for index in 0..<Self.samples { _ = try dataset.draw(index % imageCount, epoch: 1, on: view) }
            return Double(Self.samples) / (start.duration(to: .now) / .seconds(1))
        }
    }

    /// The speed of two threads in those of one, the batches taken as they come.
    private func scaling(_ dataset: TrainingDataset) throws -> Double {
        func seconds(workers: Int) throws -> Double {
            let loader = try DataLoader(dataset, workers: workers)
            var seconds: [Double] = []
            for epoch in 0..<4 {
                let start = ContinuousClock.now
                var batches = loader.batches(epoch: epoch)
                while try batches.next() != nil {}
                seconds.append(start.duration(to: .now) / .seconds(1))
            }
            return seconds.dropFirst().min() ?? .nan
        }
        return try seconds(workers: 1) / seconds(workers: 2)
    }
}
