/// Batches of images with similar shapes, each as high and as wide as its images need.
///
/// - Source: the rectangular mode of the reference's `LoadImagesAndLabels`.
enum RectangularBatches {
    /// Sorts the images by height to width and gives each run of `batchSize` the smallest shape for all of them.
    ///
    /// Of images with equal aspect the larger come first, then paths decide. The reference leaves their order to an unstable
    /// sort that differs from CPU to CPU; where such images straddle two batches of different shape, mAP moves by up to 0.003.
    /// - Parameters:
    ///   - imageSize: The longer side of the images in pixels.
    ///   - stride: Sides of a batch are multiples of it.
    ///   - padding: Fraction of a stride that is added around, at least.
    static func plans(
        of images: LabeledImages, imageSize: Int, batchSize: Int, stride: Int, padding: Double
    ) -> [BatchPlan] {
        let sizes = images.indices.map { images.size($0) }
        let aspects = sizes.map { Double($0.height) / Double($0.width) }
        let order = sizes.indices.sorted { a, b in
            let (areaA, areaB) = (sizes[a].width * sizes[a].height, sizes[b].width * sizes[b].height)
            return (aspects[a], -areaA, a) < (aspects[b], -areaB, b)
        }
        let size = Double(imageSize)
        func side(_ fraction: Double) -> Int { max(Int((fraction * size / Double(stride) + padding).rounded(.up)), 1) * stride }
        return Swift.stride(from: 0, to: order.count, by: batchSize).map { start in
            let indices = Array(order[start..<min(start + batchSize, order.count)])
            // The widest and the highest image of the batch.
            let (low, high) = (aspects[indices[0]], aspects[indices[indices.count - 1]])
            let height = high < 1 ? high : 1
            let width = low > 1 ? 1 / low : 1
            return BatchPlan(indices: indices, width: side(width), height: side(height))
        }
    }
}
