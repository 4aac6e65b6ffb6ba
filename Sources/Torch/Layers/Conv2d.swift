/// Two-dimensional convolution with a square kernel.
///
/// Parameters `weight` `[outChannels, inChannels / groups, k, k]` and, where it has one, `bias` `[outChannels]`.
public struct Conv2d: Layer {
    public let weight: Tensor
    public let bias: Tensor?
    public let stride: Int
    public let padding: Int
    public let dilation: Int
    public let groups: Int

    public var inChannels: Int { weight.shape[1] * groups }
    public var outChannels: Int { weight.shape[0] }
    public var kernelSize: Int { weight.shape[2] }

    /// Random weights as PyTorch makes them: uniform within 1 / sqrt(fan-in), for the bias too
    /// (He et al. 2015 with a = sqrt(5)).
    public init(
        inChannels: Int, outChannels: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
        groups: Int = 1, hasBias: Bool = true
    ) throws(TorchError) {
        let fanIn = inChannels / groups * kernelSize * kernelSize
        let bound = 1 / Double(fanIn).squareRoot()
        let weight = try Tensor.uniform([outChannels, inChannels / groups, kernelSize, kernelSize], in: -bound...bound)
        let bias = hasBias ? try Tensor.uniform([outChannels], in: -bound...bound) : nil
        self.init(weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
        for parameter in parameters() { try parameter.requireGradient() }
    }

    /// A convolution with given weights.
    public init(weight: Tensor, bias: Tensor?, stride: Int, padding: Int, dilation: Int = 1, groups: Int = 1) {
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
        if let bias { visitor.parameter("bias", bias) }
    }
}
