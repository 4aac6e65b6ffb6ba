import Torch
import YOLOData

extension Batch {
    /// The pictures as a network takes them: `[count, 3, height, width]`, channels-last, float32 in 0...1, on the device.
    ///
    /// To a CUDA device the bytes are copied beside what it is computing; the batch keeps them until they are there.
    func imageTensor(on device: Device) throws(TorchError) -> Tensor {
        try withPixels { (pixels) throws(TorchError) in
            // The block is NHWC: seen as NCHW it is channels-last without a copy. The conversion makes a tensor of its own.
            let bytes = try Tensor.viewing(pixels, shape: [count, height, width, 3], .uint8)
            let there = try bytes.permuted([0, 3, 1, 2]).to(device, nonBlocking: device.isCUDA)
            if device.isCUDA {
                let copied = try DeviceEvent(on: device)
                // An error of the device comes out of the next call that can report it.
                keepPixels(until: { try? copied.wait() })
            }
            return try there.to(.float32) * (1 / 255)
        }
    }
}

extension BatchMemory {
    /// Page-locked memory for a CUDA device, where there is enough of it; ordinary memory for the CPU.
    static func forCopies(to device: Device) -> BatchMemory {
        guard device.isCUDA else { return .pages }
        return BatchMemory { byteCount in
            guard let memory = try? PinnedMemory(byteCount: byteCount) else { return BatchMemory.pages.block(byteCount) }
            return Block(bytes: memory.bytes) { withExtendedLifetime(memory) {} }
        }
    }
}
