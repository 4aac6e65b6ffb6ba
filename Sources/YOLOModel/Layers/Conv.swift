import PyTorchFile
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
        _ inChannels: Int, _ outChannels: Int, kernelSize: Extent = 1, stride: Extent = 1, padding: Extent? = nil,
        groups: Int = 1, dilation: Int = 1, activation: Activation = .silu
    ) throws(TorchError) {
        conv = try Conv2d(
            inChannels: inChannels, outChannels: outChannels, kernelSize: kernelSize, stride: stride,
            padding: padding ?? Self.padding(keepingSizeWith: kernelSize, dilation: dilation), dilation: Extent(dilation),
            groups: groups, hasBias: false)
        norm = try BatchNorm2d(yolo: outChannels)
        self.activation = activation
    }

    /// - Source: `autopad`
    static func padding(keepingSizeWith kernelSize: Extent, dilation: Int = 1) -> Extent {
        kernelSize.map { (dilation * ($0 - 1) + 1) / 2 }
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
        visitor.visit("act", activation)
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let shape = try conv.measure(input, &cost)
        return try norm?.measure(shape, &cost) ?? shape
    }

    public func fused() throws(TorchError) -> Self {
        let folded = if let norm { try conv.folded(with: norm) } else { try conv.copied() }
        return Self(conv: folded, norm: nil, activation: activation)
    }
}

extension Conv {
    static let kind = LayerKind(
        "Conv", parameters: ["channels", "kernel size", "stride", "padding", "groups", "dilation", "activation"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.extent("kernel size", in: 1...255, default: 1)
        let stride = try row.extent("stride", in: 1...255, default: 1)
        let (dilation, activation) = try row.dilationAndActivation()
        let padding = try row.extent(
            "padding", in: 0...255, default: Conv.padding(keepingSizeWith: kernelSize, dilation: dilation))
        let groups = try row.groups(inChannels, outChannels)
        return try row.making { () throws(TorchError) in
            try Conv(
                inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding, groups: groups,
                dilation: dilation, activation: activation)
        }
    }
}
