import Torch
import YOLOData

extension Batch {
    /// The pictures as a network takes them: `[count, 3, height, width]`, channels-last, float32 in 0...1, on the device.
    func imageTensor(on device: Device) throws(TorchError) -> Tensor {
        try withPixels { (pixels) throws(TorchError) in
            // The block is NHWC: seen as NCHW it is channels-last without a copy. The conversion makes a tensor of its own.
            let bytes = try Tensor.viewing(pixels, shape: [count, height, width, 3], .uint8)
            return try bytes.permuted([0, 3, 1, 2]).to(device).to(.float32) * (1 / 255)
        }
    }
}
