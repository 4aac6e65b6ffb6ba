public import Torch

/// Moves every second pixel in both directions to channels of its own, then a `Conv`: half the size without losing anything.
///
/// - Input: `[N, C1, H, W]`, even height and width; output: `[N, C2, H / 2, W / 2]` at stride 1.
/// - Source: YOLOv5 v6.2, `models/common.py`, `Focus`; parameters `conv.*`.
public struct Focus: SingleInputLayer {
    public let conv: Conv

    private init(conv: Conv) { self.conv = conv }

    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: Extent = 1, stride: Extent = 1, padding: Extent? = nil,
        groups: Int = 1, activation: Activation = .silu
    ) throws(TorchError) {
        conv = try Conv(
            4 * inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding, groups: groups,
            activation: activation)
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let (count, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2] / 2, x.shape[3] / 2)
        let pixels = try x.reshaped([count, channels, height, 2, width, 2])
        // The reference's order of the four: even and odd rows of even columns, then those of odd columns.
        let quarters = try pixels.permuted([0, 5, 3, 1, 2, 4])
        return try conv(quarters.reshaped([count, 4 * channels, height, width]).contiguous(.channelsLast), phase)
    }

    public func visitState(_ visitor: inout StateVisitor) { visitor.visit("conv", conv) }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        guard input.height.isMultiple(of: 2), input.width.isMultiple(of: 2) else {
            throw ShapeError("takes maps of even height and width, found \(input.height) x \(input.width)")
        }
        let quarter = FeatureShape(channels: 4 * input.channels, height: input.height / 2, width: input.width / 2)
        return try conv.measure(quarter, &cost)
    }

    public func fused() throws(TorchError) -> Self { Self(conv: try conv.fused()) }
}

extension Focus {
    static let kind = LayerKind(
        "Focus", parameters: ["channels", "kernel size", "stride", "padding", "groups", "activation"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.extent("kernel size", in: 1...255, default: 1)
        let stride = try row.extent("stride", in: 1...255, default: 1)
        let padding = try row.extent("padding", in: 0...255, default: Conv.padding(keepingSizeWith: kernelSize))
        let groups = try row.groups(4 * inChannels, outChannels)
        let activation = try row.activation("activation")
        return try row.making { () throws(TorchError) in
            try Focus(
                inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding, groups: groups,
                activation: activation)
        }
    }
}
