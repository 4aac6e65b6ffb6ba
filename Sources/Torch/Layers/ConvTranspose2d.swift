/// Two-dimensional transposed convolution: what a convolution's gradient does to its input's size.
///
/// Parameters `weight` `[inChannels, outChannels / groups, height, width]` and, where it has one, `bias` `[outChannels]`.
public struct ConvTranspose2d: Layer {
    public let weight: Tensor
    public let bias: Tensor?
    public let stride: Extent
    public let padding: Extent
    /// Added to one side of the output.
    public let outputPadding: Extent
    public let dilation: Extent
    public let groups: Int

    public var inChannels: Int { weight.shape[0] }
    public var outChannels: Int { weight.shape[1] * groups }
    public var kernelSize: Extent { Extent(height: weight.shape[2], width: weight.shape[3]) }

    /// Random weights as PyTorch makes them: uniform within 1 / sqrt(fan-in), where the fan-in of a transposed
    /// convolution counts its output's channels.
    public init(
        inChannels: Int, outChannels: Int, kernelSize: Extent, stride: Extent = 1, padding: Extent = 0,
        outputPadding: Extent = 0, groups: Int = 1, hasBias: Bool = true, dilation: Extent = 1
    ) throws(TorchError) {
        let fanIn = outChannels / groups * kernelSize.height * kernelSize.width
        let bound = 1 / Double(fanIn).squareRoot()
        let shape = [inChannels, outChannels / groups, kernelSize.height, kernelSize.width]
        weight = try Tensor.initialWeights(shape, within: bound)
        bias = hasBias ? try Tensor.initialWeights([outChannels], within: bound) : nil
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
        self.dilation = dilation
        self.groups = groups
        for parameter in parameters() { try parameter.requireGradient() }
    }

    /// A convolution with given weights, in other respects like another one.
    public init(_ other: ConvTranspose2d, weight: Tensor, bias: Tensor?) {
        self.weight = weight
        self.bias = bias
        stride = other.stride
        padding = other.padding
        outputPadding = other.outputPadding
        dilation = other.dilation
        groups = other.groups
    }

    /// `[N, inChannels, H, W]` → `[N, outChannels, H', W']`
    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor {
        try x.convTranspose2d(
            weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
            dilation: dilation)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.parameter("weight", weight)
        visitor.parameter("bias", bias)
    }
}
