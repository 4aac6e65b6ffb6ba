package import Imaging
import Detection

/// Images as they are, in batches of similar shapes: each batch is as high and as wide as its images need. Or in squares, by path.
///
/// An image that cannot be decoded is shown as plain gray, and a warning says so. It counts, and its labels are still to be
/// found: a damaged data set does not make a model look better.
///
/// - Source: the rectangular mode of the reference's `LoadImagesAndLabels`.
package struct ValidationDataset: SampleSource {
    private let store: ImageStore
    private let plans: [BatchPlan]

    /// - Parameters:
    ///   - stride: Sides of a batch are multiples of it: the largest stride of the model, in pixels.
    ///   - padding: Fraction of a stride that is added around, at least.
    ///   - isSquare: Whether all batches have sides of `imageSize` pixels instead, with the images by path.
    /// - Throws: `DataError.option` for sizes out of range.
    package init(
        _ set: LabeledImageSet, imageSize: Int, batchSize: Int, stride: Int = 32, padding: Double = 0.5,
        isSquare: Bool = false, cache: ImageCacheSettings = .none, progress: CacheProgress? = nil
    ) throws(DataError) {
        guard batchSize > 0 else { throw .option(name: "batch size", value: "\(batchSize)", allowed: "1 and more") }
        store = try ImageStore(set, imageSize: imageSize, augments: false, cache: cache, progress: progress)
        let batchSize = min(batchSize, store.count)
        plans = isSquare
            ? Self.squares(count: store.count, imageSize: imageSize, batchSize: batchSize)
            : RectangularBatches.plans(
                of: set.images, imageSize: imageSize, batchSize: batchSize, stride: stride, padding: padding)
    }

    private static func squares(count: Int, imageSize: Int, batchSize: Int) -> [BatchPlan] {
        stride(from: 0, to: count, by: batchSize).map { start in
            BatchPlan(indices: Array(start..<min(start + batchSize, count)), width: imageSize, height: imageSize)
        }
    }

    package var cacheReport: ImageCacheReport? { store.cacheReport }

    package var batchCount: Int { plans.count }

    package func batches(epoch: Int) -> [BatchPlan] { plans }

    package func draw(_ sample: SampleKey, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        let index = sample.index
        let labeled = store.labeled.images[index]
        let image = try store.load(index, part: nil)
        let (width, height) = (image.place.width, image.place.height)
        let letterbox = Letterbox(
            width: width, height: height, into: (view.width, view.height), scalesUp: false)
        do throws(ImagingError) {
            try image.withView { source throws(ImagingError) in try letterbox.draw(source, on: view) }
        } catch {
            throw .image(error)
        }
        let placed = labeled.objects.map { $0.placed(in: letterbox, imageWidth: width, imageHeight: height) }
        let mapping = LetterboxMapping(
            imageWidth: labeled.width, imageHeight: labeled.height,
            gain: Float(Double(height) / Double(labeled.height) * letterbox.ratioY),
            left: Float(letterbox.padX), top: Float(letterbox.padY))
        return Sample(
            source: BatchImage(path: labeled.path, mapping: mapping),
            labels: placed.map { $0.label(width: view.width, height: view.height) },
            warnings: image.damage.map { ["image shown as plain gray, its labels count as missed: \($0)"] } ?? [])
    }
}

extension LabeledObject {
    /// The box of the object on a letterboxed image of `imageWidth` by `imageHeight` pixels.
    func placed(in letterbox: Letterbox, imageWidth: Int, imageHeight: Int) -> PlacedObject {
        LabeledObject(classIndex: classIndex, box: box).placed(
            width: Float(letterbox.ratioX * Double(imageWidth)), height: Float(letterbox.ratioY * Double(imageHeight)),
            left: Float(letterbox.padX), top: Float(letterbox.padY))
    }
}
