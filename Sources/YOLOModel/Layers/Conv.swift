public import Torch

/// Convolution, batch normalization, activation: the brick that everything else is built of.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H', W']`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `Conv`; parameters `conv.weight`, `bn.*`.
public struct Conv: SingleInputLayer {
    public let conv: Conv2d
    /// Nil once it is folded into the convolution, which then has a bias.
    public let norm: BatchNorm2d?
    public let activation: Activation

    private init(conv: Conv2d, norm: BatchNorm2d?, activation: Activation) {
        self.conv = conv
        self.norm = norm
        self.activation = activation
    }

    /// - Parameters:
    ///   - padding: on each side; nil keeps the size at stride 1.
    ///   - groups: groups of channels that do not see each other.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: Int = 1, stride: Int = 1, padding: Int? = nil, groups: Int = 1,
        dilation: Int = 1, activation: Activation = .silu
    ) throws(TorchError) {
        conv = try Conv2d(
            inChannels: inChannels, outChannels: outChannels, kernelSize: kernelSize, stride: stride,
            padding: padding ?? (dilation * (kernelSize - 1) + 1) / 2, dilation: dilation, groups: groups, hasBias: false)
        norm = try BatchNorm2d(channels: outChannels, epsilon: 1e-3, momentum: 0.03)
        self.activation = activation
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        guard let norm else {
            return activation == .silu ? try conv.followedBySiLU(x) : try activation(conv(x, phase))
        }
        let features = try conv(x, phase)
        return activation == .silu ? try norm.followedBySiLU(features, phase) : try activation(norm(features, phase))
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("conv", conv)
        if let norm { visitor.visit("bn", norm) }
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        cost.addModule()
        let shape = try conv.measure(input, &cost)
        if norm != nil { cost.addModule(multiplyAccumulates: 4 * shape.count) }
        cost.addModule()  // the activation
        return shape
    }

    public func fused() throws(TorchError) -> Self {
        let folded = if let norm { try conv.folded(with: norm) } else { try conv.copied() }
        return Self(conv: folded, norm: nil, activation: activation)
    }
}
