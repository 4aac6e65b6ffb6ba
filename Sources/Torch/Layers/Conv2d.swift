/// Two-dimensional convolution.
///
/// Parameters `weight` `[outChannels, inChannels / groups, height, width]` and, where it has one, `bias` `[outChannels]`.
public struct Conv2d: Layer {
    public let weight: Tensor
    public let bias: Tensor?
    public let stride: Extent
    /// Zeros on each side.
    public let padding: Extent
    public let dilation: Extent
    public let groups: Int

    public var inChannels: Int { weight.shape[1] * groups }
    public var outChannels: Int { weight.shape[0] }
    public var kernelSize: Extent { Extent(height: weight.shape[2], width: weight.shape[3]) }

    /// Random weights as PyTorch makes them: uniform within 1 / sqrt(fan-in), for the bias too
    /// (He et al. 2015 with a = sqrt(5)).
    public init(
        inChannels: Int, outChannels: Int, kernelSize: Extent, stride: Extent = 1, padding: Extent = 0,
        dilation: Extent = 1, groups: Int = 1, hasBias: Bool = true
    ) throws(TorchError) {
        let fanIn = inChannels / groups * kernelSize.height * kernelSize.width
        let bound = 1 / Double(fanIn).squareRoot()
        let shape = [outChannels, inChannels / groups, kernelSize.height, kernelSize.width]
        let weight = try Tensor.initialWeights(shape, within: bound)
        let bias = hasBias ? try Tensor.initialWeights([outChannels], within: bound) : nil
        self.init(weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
        for parameter in parameters() { try parameter.requireGradient() }
    }

    /// A convolution with given weights.
    public init(weight: Tensor, bias: Tensor?, stride: Extent, padding: Extent, dilation: Extent = 1, groups: Int = 1) {
        self.weight = weight
        self.bias = bias
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
    }

    /// `[N, inChannels, H, W]` → `[N, outChannels, H', W']`
    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor {
        try x.conv2d(
            weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }

    /// The convolution and SiLU at once; the same numbers as one after the other.
    public func followedBySiLU(_ x: Tensor) throws(TorchError) -> Tensor {
        guard x.device == .cpu, !weight.requiresGradient else { return try self(x, .inference).silu() }
        return try x.conv2dSiLU(
            weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.parameter("weight", weight)
        visitor.parameter("bias", bias)
    }
}
