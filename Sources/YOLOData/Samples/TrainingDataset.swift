package import Imaging

/// How training samples are made.
public struct TrainingDataOptions: Hashable, Sendable {
    /// Side of a square sample, the longer side of a rectangular one, in pixels.
    public var imageSize = 640
    /// Images a batch.
    public var batchSize = 16
    public var augmentation = AugmentationOptions()
    public var seed: UInt64 = 0
    public var shape = BatchShape.square
    /// Where images wait between epochs.
    public var cache = ImageCacheSettings.none

    public init() {}
}

/// Augmented pictures in an order that is new in each epoch.
///
/// An image that cannot be decoded is shown as plain gray without its labels, and a warning says so.
///
///     let dataset = try TrainingDataset(images, options)
///     let sample = try dataset.draw(7, epoch: 0, on: view)          // the sample of image 7; `view` is 640 by 640
///
/// - Source: the reference's `LoadImagesAndLabels.__getitem__`.
package struct TrainingDataset: SampleSource {
    private let store: ImageStore
    private let augmentation: AugmentationOptions
    private let seed: UInt64
    private let order: TrainingOrder
    /// The batches of rectangular training; empty for others.
    private let rectangles: [BatchPlan]

    /// - Parameter progress: Told of each image that is cached.
    /// - Throws: `DataError.option` for sizes and augmentation out of range.
    package init(
        _ set: LabeledImageSet, _ options: TrainingDataOptions, progress: CacheProgress? = nil
    ) throws(DataError) {
        guard options.batchSize > 0 else {
            throw .option(name: "batch size", value: "\(options.batchSize)", allowed: "1 and more")
        }
        try options.augmentation.validate()
        store = try ImageStore(set, imageSize: options.imageSize, augments: true, cache: options.cache, progress: progress)
        seed = options.seed
        let batchSize = min(options.batchSize, store.count)
        order = TrainingOrder(
            imageCount: store.count, imageSize: options.imageSize, batchSize: batchSize, seed: seed, isQuad: options.shape == .quad)
        guard case .rectangular(let stride) = options.shape else {
            augmentation = options.augmentation
            rectangles = []
            return
        }
        var augmentation = options.augmentation
        augmentation.mosaic = 0
        self.augmentation = augmentation
        rectangles = RectangularBatches.plans(
            of: set.images, imageSize: options.imageSize, batchSize: batchSize, stride: stride, padding: 0)
    }

    package var cacheReport: ImageCacheReport? { store.cacheReport }

    package var batchCount: Int { (store.count + order.batchSize - 1) / order.batchSize }

    package func batches(epoch: Int) -> [BatchPlan] {
        guard !rectangles.isEmpty else { return order.batches(epoch: epoch) }
        var random = SampleRandom(seed: seed, epoch: epoch, index: 0, stream: .order)
        return random.permutation(of: rectangles.count).map { rectangles[$0] }
    }

    /// The batches of an epoch that sees images as often as their weights say (`--image-weights`).
    package func batches(epoch: Int, imageWeights: [Double]) -> [BatchPlan] {
        guard rectangles.isEmpty else { return batches(epoch: epoch) }
        return order.batches(epoch: epoch, imageWeights: imageWeights)
    }

    package func draw(_ sample: SampleKey, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        var random = SampleRandom(
            seed: seed, epoch: epoch, index: sample.index, stream: .augmentation, repetition: sample.repetition)
        let plan = AugmentationPlan(
            index: sample.index, among: MosaicPartners(imageCount: store.count, listed: sample.partners), width: view.width,
            height: view.height, options: augmentation, outlineCount: { store.labeled.images.outlineCount($0) },
            random: &random)
        let (labels, damage) = try SampleRenderer(store: store).render(plan, on: view)
        return Sample(
            source: BatchImage(path: store.labeled.images.path(sample.index), mapping: nil), labels: labels,
            warnings: damage.map { "image shown as plain gray without its labels: \($0)" })
    }
}
