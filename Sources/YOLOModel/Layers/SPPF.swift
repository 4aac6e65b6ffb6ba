public import Torch

/// Spatial pyramid pooling, fast form: three max-pools of one size in a chain, joined with their input.
///
/// Pooling thrice with 5 sees the same windows as pooling once with 5, 9 and 13.
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H, W]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `SPPF`; parameters `cv1.*`, `cv2.*`.
public struct SPPF: SingleInputLayer {
    public let reduce: Conv
    public let expand: Conv
    public let pool: MaxPool2d

    private init(reduce: Conv, expand: Conv, pool: MaxPool2d) {
        self.reduce = reduce
        self.expand = expand
        self.pool = pool
    }

    /// - Parameter kernelSize: odd, so that pooling keeps the size.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: Int = 5, activation: Activation = .silu
    ) throws(TorchError) {
        let hidden = inChannels / 2
        reduce = try Conv(inChannels, hidden, activation: activation)
        expand = try Conv(4 * hidden, outChannels, activation: activation)
        pool = MaxPool2d(kernelSize: kernelSize, stride: 1, padding: kernelSize / 2)
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        var pyramid = [try reduce(x, phase)]  // [N, C1 / 2, H, W]
        for level in 0..<3 { pyramid.append(try pool(pyramid[level], phase)) }
        return try expand(concatenated(pyramid, axis: 1), phase)  // [N, 2 * C1, H, W] to C2
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("cv1", reduce)
        visitor.visit("cv2", expand)
        visitor.visit("m", pool)
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let reduced = try reduce.measure(input, &cost)
        return try expand.measure(Concat.joined(Array(repeating: reduced, count: 4)), &cost)
    }

    public func fused() throws(TorchError) -> Self {
        Self(reduce: try reduce.fused(), expand: try expand.fused(), pool: pool)
    }
}

extension SPPF {
    static let kind = LayerKind(
        "SPPF", parameters: ["channels", "kernel size"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.integer("kernel size", in: 1...255, default: 5)
        guard !kernelSize.isMultiple(of: 2) else { throw row.fault("kernel size must be odd, found \(kernelSize)") }
        try row.expectHalf(inChannels)
        return try row.making { () throws(TorchError) in
            try SPPF(inChannels, outChannels, kernelSize: kernelSize, activation: row.activation)
        }
    }
}
