import Torch
import YOLOData

/// Another picture size for each batch (`--multi-scale`): half of the training size to one and a half times.
///
/// - Source: the reference's `train.py`. The sizes depend on the seed, the epoch and the batch alone.
struct MultiScale: Sendable {
    /// Side of a picture in pixels.
    let imageSize: Int
    /// Sides are multiples of it.
    let stride: Int
    let seed: UInt64

    /// The largest of all sides that there may be, in pixels.
    static func largestSide(for imageSize: Int, stride: Int) -> Int { (imageSize + imageSize / 2 + stride - 1) / stride * stride }

    /// The longer side of the pictures of a batch, in pixels.
    func side(epoch: Int, batch: Int) -> Int {
        var random = SampleRandom(seed: seed, epoch: epoch, index: batch, stream: .multiScale)
        let low = imageSize / 2, high = imageSize + imageSize / 2 + stride
        // Two cells a side: batch statistics of a single cell and image would not exist.
        return max((low + random.index(below: high - low)) / stride, 2) * stride
    }

    /// - Parameter images: `[N, 3, H, W]`.
    func resized(_ images: Tensor, epoch: Int, batch: Int) throws(TorchError) -> Tensor {
        let (height, width) = (images.shape[2], images.shape[3])
        let scale = Double(side(epoch: epoch, batch: batch)) / Double(max(height, width))
        guard scale != 1 else { return images }
        // Shorter sides of rectangular pictures have two cells at least, too.
        func stretched(_ length: Int) -> Int { max(Int((Double(length) * scale / Double(stride)).rounded(.up)), 2) * stride }
        return try images.interpolatedBilinear(height: stretched(height), width: stretched(width))
    }
}
