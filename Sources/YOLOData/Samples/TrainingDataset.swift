import Detection
package import Imaging

/// Square, augmented pictures in an order that is new in each epoch.
///
/// An image that cannot be decoded is shown as plain gray without its labels, and a warning says so.
///
///     let dataset = try TrainingDataset(images, imageSize: 640, batchSize: 16, augmentation: options, seed: 0)
///     let sample = try dataset.draw(7, epoch: 0, on: view)          // the sample of image 7; `view` is 640 by 640
///
/// - Source: the reference's `LoadImagesAndLabels.__getitem__`.
package struct TrainingDataset: SampleSource {
    private let store: ImageStore
    private let batchSize: Int
    private let augmentation: AugmentationOptions
    private let seed: UInt64

    /// - Parameter imageSize: Side of the pictures in pixels.
    /// - Throws: `DataError.option` for sizes and augmentation out of range.
    package init(
        _ set: LabeledImageSet, imageSize: Int, batchSize: Int, augmentation: AugmentationOptions, seed: UInt64,
        cache: ImageCacheSettings = .none, progress: CacheProgress? = nil
    ) throws(DataError) {
        guard batchSize > 0 else { throw .option(name: "batch size", value: "\(batchSize)", allowed: "1 and more") }
        try augmentation.validate()
        store = try ImageStore(set, imageSize: imageSize, augments: true, cache: cache, progress: progress)
        self.batchSize = min(batchSize, store.count)
        self.augmentation = augmentation
        self.seed = seed
    }

    package var cacheReport: ImageCacheReport? { store.cacheReport }

    package var batchCount: Int { (store.count + batchSize - 1) / batchSize }

    /// All images, shuffled.
    package func batches(epoch: Int) -> [BatchPlan] {
        var random = SampleRandom(seed: seed, epoch: epoch, index: 0, stream: .order)
        let order = random.permutation(of: store.count)
        return stride(from: 0, to: order.count, by: batchSize).map { start in
            let indices = Array(order[start..<min(start + batchSize, order.count)])
            return BatchPlan(indices: indices, width: store.imageSize, height: store.imageSize)
        }
    }

    package func draw(_ index: Int, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        var random = SampleRandom(seed: seed, epoch: epoch, index: index, stream: .augmentation)
        let plan = AugmentationPlan(
            index: index, imageCount: store.count, imageSize: store.imageSize, options: augmentation, random: &random)
        let (labels, damage) = try SampleRenderer(store: store).render(plan, on: view)
        return Sample(
            source: BatchImage(path: store.labeled.images[index].path, mapping: nil), labels: labels,
            warnings: damage.map { "image shown as plain gray without its labels: \($0)" })
    }
}
