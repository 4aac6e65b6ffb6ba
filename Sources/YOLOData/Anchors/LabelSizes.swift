package import Detection

/// Widths and heights of all labels of a data set, in pixels of images whose long side has the size of training.
///
///     let sizes = LabelSizes(of: trainingSet, imageSize: 640)
///     let metric = AnchorMetric(sizes.sizes, ratioLimit: 4)
///     print(metric.fit(of: anchors).bestPossibleRecall)
///
/// - Source: YOLOv5 v6.2, `utils/autoanchor.py`, the first lines of `check_anchors` and `kmean_anchors`.
package struct LabelSizes: Sendable {
    /// One image: its size in pixels (only their ratio counts) and its boxes as fractions of it.
    package struct Image: Sendable {
        package var path: String
        package var width, height: Int
        package var boxes: [BoxSize]

        package init(path: String, width: Int, height: Int, boxes: [BoxSize]) {
            self.path = path
            self.width = width
            self.height = height
            self.boxes = boxes
        }
    }

    /// Labels that are hardly to be seen at this size.
    package struct SmallLabels: Sendable, Hashable {
        /// Labels with a side under ``LabelSizes/smallSide`` pixels.
        package var count = 0
        /// The first images that hold one, at most three.
        package var firstImages: [String] = []
    }

    /// Pixels that a label's side should have at least.
    package static let smallSide: Float = 3
    /// Pixels that one of a label's sides must have for anchors to be made for it.
    package static let usableSide: Float = 2

    /// Long side of the images in pixels.
    package let imageSize: Int
    /// In pixels, image after image.
    package let sizes: [BoxSize]
    package let small: SmallLabels
    /// Labels of each image.
    private let counts: [Int]

    /// Boxes that are not finite are left out.
    package init(_ images: some Sequence<Image>, imageSize: Int) {
        var sizes: [BoxSize] = []
        var counts: [Int] = []
        var small = SmallLabels()
        for image in images {
            let (before, smallBefore) = (sizes.count, small.count)
            let longSide = Double(max(image.width, image.height, 1))
            let width = Double(imageSize) * Double(image.width) / longSide
            let height = Double(imageSize) * Double(image.height) / longSide
            for box in image.boxes where box.width.isFinite && box.height.isFinite {
                let size = BoxSize(width: Float(Double(box.width) * width), height: Float(Double(box.height) * height))
                sizes.append(size)
                if min(size.width, size.height) < Self.smallSide { small.count += 1 }
            }
            if small.count > smallBefore, small.firstImages.count < 3 { small.firstImages.append(image.path) }
            counts.append(sizes.count - before)
        }
        self.imageSize = imageSize
        self.sizes = sizes
        self.small = small
        self.counts = counts
    }

    package init(of set: LabeledImageSet, imageSize: Int) {
        let images = set.images.lazy.map { image in
            Image(
                path: image.path, width: image.width, height: image.height,
                boxes: image.objects.map { BoxSize(width: $0.box.width, height: $0.box.height) })
        }
        self.init(images, imageSize: imageSize)
    }

    /// Sizes that anchors are made for: those with a side of at least two pixels.
    package var usable: [BoxSize] { sizes.filter { max($0.width, $0.height) >= Self.usableSide } }

    /// Sizes as augmentation may show them: all of an image larger or smaller by a random factor of 0.9 to 1.1.
    package func randomlyScaled(seed: UInt64) -> [BoxSize] {
        scaled(by: counts.indices.map { image in
            var random = SampleRandom(.imageScale, index: image, seed: seed)
            return random.uniform(0.9, 1.1)
        })
    }

    /// - Parameter factors: one an image.
    func scaled(by factors: [Double]) -> [BoxSize] {
        precondition(factors.count == counts.count, "one factor for each image")
        var scaled: [BoxSize] = []
        scaled.reserveCapacity(sizes.count)
        for (count, factor) in zip(counts, factors) {
            for size in sizes[scaled.count..<scaled.count + count] {
                scaled.append(
                    BoxSize(width: Float(Double(size.width) * factor), height: Float(Double(size.height) * factor)))
            }
        }
        return scaled
    }
}
