import Foundation

/// Makes the batches of a data set ahead of time, on threads of its own.
///
///     let loader = try DataLoader(training: images, TrainingDataOptions(), workers: 8, epochs: 300)
///     var batches = loader.batches(epoch: 0)
///     while let batch = try batches.next() {
///         batch.withPixels { … }                   // [count, height, width, 3], RGB, 8 bits
///     }
///
/// Pixels, targets and their order depend on the data, the options, the seed and the epoch; never on the number of workers.
/// A loader that is released stops its threads, also in the middle of an epoch.
///
/// `@unchecked Sendable`: nothing in it changes but the queue, which has a lock.
public final class DataLoader: @unchecked Sendable {
    private let source: any SampleSource
    private let queue: LoaderQueue
    /// Batches in an epoch; the last one may be short.
    public let batchCount: Int
    /// What the cache of the images has come to; nil without one.
    public let cacheReport: ImageCacheReport?

    /// - Parameters:
    ///   - workers: Threads, at least one.
    ///   - memory: Where the pixels of batches are put.
    ///   - epochs: The run ends before this epoch: until then the first batches of an epoch are made while the last ones of
    ///     the epoch before are used. 0 makes nothing ahead of `batches(epoch:)`.
    /// - Throws: `DataError.outOfMemory` if not even one batch fits into memory.
    package init(
        _ source: any SampleSource, workers: Int, epochs: Int = 0, memory: BatchMemory = .pages,
        cacheReport: ImageCacheReport? = nil
    ) throws(DataError) {
        let workers = max(workers, 1)
        self.source = source
        self.cacheReport = cacheReport
        batchCount = source.batchCount
        // One batch to be taken, one to be filled, and enough others for all workers when batches are small.
        let largest = source.batches(epoch: 0).map(\.pictures.count).max() ?? 1
        queue = try LoaderQueue(source: source, depth: 2 + workers / largest, epochLimit: epochs, memory: memory)
        for number in 1...workers {
            queue.addWorker()
            let thread = Thread { [queue] in queue.work() }
            thread.name = "loader \(number)"
            thread.start()
        }
    }

    deinit { queue.stop() }

    /// Starts an epoch. One epoch is read at a time: another one may be started before the last batch, then the first ends.
    ///
    /// - Parameters:
    ///   - first: The batch to begin with, for a run that goes on in the middle of an epoch.
    ///   - imageWeights: How often each image is seen, in proportion; nil for once each. Only training looks at them.
    public func batches(epoch: Int, from first: Int = 0, imageWeights: [Double]? = nil) -> EpochBatches {
        var plans: [BatchPlan]?
        if let imageWeights, let dataset = source as? TrainingDataset {
            plans = dataset.batches(epoch: epoch, imageWeights: imageWeights)
        }
        return EpochBatches(
            loader: self, queue: queue, generation: queue.begin(epoch: epoch, from: first, plans: plans), first: first, count: batchCount)
    }
}

/// The batches of one epoch, in order. It ends early when the loader starts another epoch; of copies, the first to ask for a
/// batch gets it, and the others end.
public struct EpochBatches: Sendable {
    /// Keeps the threads running.
    private let loader: DataLoader
    private let queue: LoaderQueue
    private let generation: Int
    private let count: Int
    private var index: Int

    fileprivate init(loader: DataLoader, queue: LoaderQueue, generation: Int, first: Int, count: Int) {
        self.loader = loader
        self.queue = queue
        self.generation = generation
        index = first
        self.count = count
    }

    /// Waits for the next batch; nil after the last.
    ///
    /// - Throws: The `DataError` of the first picture that could not be made: a file that cannot be read any more, or too
    ///   little memory. An image that is damaged is no error, but one of the batch's `warnings`.
    public mutating func next() throws(DataError) -> Batch? {
        guard index < count else { return nil }
        defer { index += 1 }
        return try queue.take(generation: generation, index: index)
    }
}

// MARK: - Loaders of a data set

extension DataLoader {
    /// Augmented pictures of all images, in a new order each epoch.
    ///
    /// - Parameters:
    ///   - epochs: Epochs of the run, so that none is begun in vain.
    ///   - cacheProgress: Told of each image that is cached.
    ///   - memory: Where the pixels of batches are put.
    /// - Throws: `DataError.option` for sizes and augmentation out of range, `DataError.outOfMemory`; with a cache also
    ///   `DataError.image` for files that cannot be read.
    public convenience init(
        training set: LabeledImageSet, _ options: TrainingDataOptions, workers: Int, epochs: Int,
        cacheProgress: CacheProgress? = nil, memory: BatchMemory = .pages
    ) throws(DataError) {
        let dataset = try TrainingDataset(set, options, progress: cacheProgress)
        try self.init(dataset, workers: workers, epochs: epochs, memory: memory, cacheReport: dataset.cacheReport)
    }

    /// All images as they are, in batches of similar shapes; the same in every epoch.
    ///
    /// - Parameters:
    ///   - imageSize: Long side of the images in pixels.
    ///   - stride: The largest stride of the model in pixels; sides of a batch are multiples of it.
    ///   - padding: Fraction of a stride that is added around, at least.
    ///   - isSquare: Whether all batches are squares of `imageSize` instead, as speed is measured.
    /// - Throws: As for training.
    public convenience init(
        validation set: LabeledImageSet, imageSize: Int, batchSize: Int, stride: Int = 32, padding: Double = 0.5,
        isSquare: Bool = false, workers: Int, cache: ImageCacheSettings = .none, cacheProgress: CacheProgress? = nil, memory: BatchMemory = .pages
    ) throws(DataError) {
        let dataset = try ValidationDataset(
            set, imageSize: imageSize, batchSize: batchSize, stride: stride, padding: padding, isSquare: isSquare,
            cache: cache, progress: cacheProgress)
        try self.init(dataset, workers: workers, memory: memory, cacheReport: dataset.cacheReport)
    }
}
