public import Torch

/// A convolution in as many groups as channels in and out allow, so that channels hardly mix (depth-wise).
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H', W']`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `DWConv`, a `Conv` with gcd(C1, C2) groups; parameters as `Conv`.
public struct DWConv: SingleInputLayer {
    public let conv: Conv

    private init(conv: Conv) { self.conv = conv }

    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: Extent = 1, stride: Extent = 1, dilation: Int = 1,
        activation: Activation = .silu
    ) throws(TorchError) {
        conv = try Conv(
            inChannels, outChannels, kernelSize: kernelSize, stride: stride,
            groups: greatestCommonDivisor(inChannels, outChannels), dilation: dilation, activation: activation)
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor { try conv(x, phase) }

    public func visitState(_ visitor: inout StateVisitor) { conv.visitState(&visitor) }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        try conv.measure(input, &cost)
    }

    public func fused() throws(TorchError) -> Self { Self(conv: try conv.fused()) }
}

extension DWConv {
    static let kind = LayerKind(
        "DWConv", parameters: ["channels", "kernel size", "stride", "dilation", "activation"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.extent("kernel size", in: 1...255, default: 1)
        let stride = try row.extent("stride", in: 1...255, default: 1)
        let (dilation, activation) = try row.dilationAndActivation()
        return try row.making { () throws(TorchError) in
            try DWConv(
                inChannels, outChannels, kernelSize: kernelSize, stride: stride, dilation: dilation, activation: activation)
        }
    }
}
