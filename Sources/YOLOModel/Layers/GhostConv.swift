public import Torch

/// A convolution that computes half of its channels and draws the other half from them, cheaply.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H', W']`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `GhostConv` (GhostNet, https://arxiv.org/abs/1911.11907); parameters `cv1.*`,
///   `cv2.*`.
public struct GhostConv: SingleInputLayer {
    public let primary: Conv
    /// Five by five, each channel for itself.
    public let cheap: Conv

    private init(primary: Conv, cheap: Conv) {
        self.primary = primary
        self.cheap = cheap
    }

    /// - Parameter outChannels: even.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: Extent = 1, stride: Extent = 1, groups: Int = 1,
        activation: Activation = .silu
    ) throws(TorchError) {
        let half = outChannels / 2
        primary = try Conv(
            inChannels, half, kernelSize: kernelSize, stride: stride, groups: groups, activation: activation)
        cheap = try Conv(half, half, kernelSize: 5, groups: half, activation: activation)
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let features = try primary(x, phase)
        return try concatenated([features, cheap(features, phase)], axis: 1)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("cv1", primary)
        visitor.visit("cv2", cheap)
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let half = try primary.measure(input, &cost)
        return try Concat.joined([half, cheap.measure(half, &cost)])
    }

    public func fused() throws(TorchError) -> Self {
        Self(primary: try primary.fused(), cheap: try cheap.fused())
    }
}

extension GhostConv {
    static let kind = LayerKind(
        "GhostConv", parameters: ["channels", "kernel size", "stride", "groups", "activation"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.extent("kernel size", in: 1...255, default: 1)
        let stride = try row.extent("stride", in: 1...255, default: 1)
        let groups = try row.groups(inChannels, outChannels / 2)
        let activation = try row.activation("activation")
        try row.expectEven(outChannels)
        return try row.making { () throws(TorchError) in
            try GhostConv(
                inChannels, outChannels, kernelSize: kernelSize, stride: stride, groups: groups, activation: activation)
        }
    }
}

extension LayerRow {
    /// The halves of a ghost layer must be equal.
    func expectEven(_ channels: Int) throws(ModelError) {
        guard channels.isMultiple(of: 2) else { throw fault("channels must be even, found \(channels)") }
    }
}
