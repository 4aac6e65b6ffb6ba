public import Torch

/// Repeats every pixel `scale` times in both directions (nearest neighbour).
///
/// - Input: `[N, C, H, W]`; output: `[N, C, scale * H, scale * W]`.
/// - Source: `nn.Upsample(None, scale, 'nearest')`.
public struct Upsample: SingleInputLayer {
    public let scale: Int

    public init(scale: Int) { self.scale = scale }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        try x.upsampledNearest(scale: scale)
    }

    public func visitState(_ visitor: inout StateVisitor) {}

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let shape = FeatureShape(channels: input.channels, height: scale * input.height, width: scale * input.width)
        cost.addModule(multiplyAccumulates: shape.count)
        return shape
    }

    public func fused() throws(TorchError) -> Self { self }
}
