public import Detection
import Synchronization

/// Where a picture of a batch comes from.
public struct BatchImage: Hashable, Sendable {
    /// The image file; for a mosaic that of the image that the sample was made for.
    public let path: String
    /// How the original image lies in the picture; nil for augmented pictures, which show more or less than it.
    package let mapping: LetterboxMapping?

    package init(path: String, mapping: LetterboxMapping?) {
        self.path = path
        self.mapping = mapping
    }
}

/// Pictures and targets for one step.
///
/// The pixels are a block that the loader uses again once the batch is released: read them while the batch is alive.
public final class Batch: Sendable {
    public let epoch: Int
    /// Place of the batch in its epoch.
    public let index: Int
    public let count: Int
    /// Images of the epoch's order that the batch takes up: as many as pictures, or up to four times as many (`--quad`).
    public let sampleCount: Int
    /// Pixels.
    public let height: Int
    /// Pixels.
    public let width: Int
    /// What each picture shows; `count` elements.
    public let images: [BatchImage]
    /// Sorted by image.
    public let targets: [GroundTruth]
    /// For the user: a sentence for each image that could not be decoded and is shown as plain gray. A loader says it once
    /// for each image, with the first batch that it would be in; the same for any number of workers.
    public let warnings: [String]
    private let buffer: BatchBuffer
    private let pool: BatchBufferPool
    /// Returns when the pixels have been read.
    private let reading = Mutex<(@Sendable () -> Void)?>(nil)

    init(
        epoch: Int, index: Int, plan: BatchPlan, samples: [Sample], warnings: [String], buffer: BatchBuffer,
        pool: BatchBufferPool
    ) {
        self.epoch = epoch
        self.index = index
        count = samples.count
        sampleCount = plan.sampleCount
        height = plan.height
        width = plan.width
        images = samples.map(\.source)
        targets = samples.enumerated().flatMap { image, sample in
            sample.labels.map { GroundTruth(image: image, classIndex: $0.classIndex, box: $0.box) }
        }
        self.warnings = warnings
        self.buffer = buffer
        self.pool = pool
    }

    deinit {
        reading.withLock { $0 }?()
        pool.put(buffer)
    }

    /// Bytes of the pixels.
    public var byteCount: Int { count * height * width * 3 }

    /// Lends the pixels, `[count, height, width, 3]`: RGB, 8 bits, without gaps, on a page boundary.
    public func withPixels<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer.bytes)[..<byteCount]))
    }

    /// Tells that somebody still reads the pixels, such as a device that copies them by itself. When the batch is released it calls
    /// `finish`, which waits for that, before the loader may write to them.
    public func keepPixels(until finish: @escaping @Sendable () -> Void) {
        reading.withLock { $0 = finish }
    }
}
