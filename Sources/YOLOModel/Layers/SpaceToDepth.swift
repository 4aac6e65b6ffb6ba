import PyTorchFile
public import Torch

/// Moves a square of pixels into the channels.
///
/// - Input: `[N, C, H, W]`; output: `[N, gain * gain * C, H / gain, W / gain]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `Contract`.
public struct Contract: SingleInputLayer {
    public let gain: Int

    public init(gain: Int = 2) { self.gain = gain }

    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor {
        let (count, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2] / gain, x.shape[3] / gain)
        let squares = try x.reshaped([count, channels, height, gain, width, gain])
        let moved = try squares.permuted([0, 3, 5, 1, 2, 4])
        return try moved.reshaped([count, gain * gain * channels, height, width])
    }

    public func visitState(_ visitor: inout StateVisitor) {}

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        guard input.height.isMultiple(of: gain), input.width.isMultiple(of: gain) else {
            throw ShapeError("the size must be a multiple of \(gain), found \(input.height) x \(input.width)")
        }
        return FeatureShape(
            channels: gain * gain * input.channels, height: input.height / gain, width: input.width / gain)
    }

    public func fused() throws(TorchError) -> Self { self }

    public var pythonAttributes: [PythonAttribute] { [("gain", .int(gain))] }
}

/// Moves channels into a square of pixels.
///
/// - Input: `[N, C, H, W]`, C a multiple of gain * gain; output: `[N, C / (gain * gain), gain * H, gain * W]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `Expand`.
public struct Expand: SingleInputLayer {
    public let gain: Int

    public init(gain: Int = 2) { self.gain = gain }

    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor {
        let (count, channels, height, width) = (x.shape[0], x.shape[1] / (gain * gain), x.shape[2], x.shape[3])
        let squares = try x.reshaped([count, gain, gain, channels, height, width])
        let moved = try squares.permuted([0, 3, 4, 1, 5, 2])
        return try moved.reshaped([count, channels, gain * height, gain * width])
    }

    public func visitState(_ visitor: inout StateVisitor) {}

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        guard input.channels.isMultiple(of: gain * gain) else {
            throw ShapeError("channels must be a multiple of \(gain * gain), found \(input.channels)")
        }
        return FeatureShape(
            channels: input.channels / (gain * gain), height: gain * input.height, width: gain * input.width)
    }

    public func fused() throws(TorchError) -> Self { self }

    public var pythonAttributes: [PythonAttribute] { [("gain", .int(gain))] }
}

extension Contract {
    static let kind = LayerKind("Contract", parameters: ["gain"], required: 0) { row throws(ModelError) in
        Contract(gain: try row.integer("gain", in: 1...32, default: 2))
    }
}

extension Expand {
    static let kind = LayerKind("Expand", parameters: ["gain"], required: 0) { row throws(ModelError) in
        Expand(gain: try row.integer("gain", in: 1...32, default: 2))
    }
}
