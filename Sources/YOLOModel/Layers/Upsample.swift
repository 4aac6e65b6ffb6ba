public import PyTorchFile
public import Torch

/// Repeats every pixel `scale` times in both directions (nearest neighbour).
///
/// - Input: `[N, C, H, W]`; output: `[N, C, scale * H, scale * W]`.
/// - Source: `nn.Upsample(None, scale, 'nearest')`.
public struct Upsample: SingleInputLayer {
    public let scale: Int

    public init(scale: Int) { self.scale = scale }

    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor {
        try x.upsampledNearest(scale: scale)
    }

    public func visitState(_ visitor: inout StateVisitor) {}

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let shape = FeatureShape(channels: input.channels, height: scale * input.height, width: scale * input.width)
        cost.add(multiplyAccumulates: shape.count)
        return shape
    }

    public func fused() throws(TorchError) -> Self { self }

    public var pythonClass: PythonName { PythonName("torch.nn.modules.upsampling", "Upsample") }

    public var pythonAttributes: [PythonAttribute] {
        [
            ("name", "Upsample"), ("size", nil), ("scale_factor", .double(Double(scale))), ("mode", "nearest"),
            ("align_corners", nil), ("recompute_scale_factor", nil),
        ]
    }
}

extension Upsample {
    static let kind = LayerKind(
        "nn.Upsample", parameters: ["size", "scale", "mode"], required: 2
    ) { row throws(ModelError) in
        if let size = row.argument("size") { throw row.fault("size must be None, found \(size.excerpt)") }
        if let mode = row.argument("mode"), mode.text != "nearest" {
            throw row.fault("mode must be 'nearest', found \(mode.excerpt)")
        }
        return Upsample(scale: try row.integer("scale", in: 1...32))
    }
}
