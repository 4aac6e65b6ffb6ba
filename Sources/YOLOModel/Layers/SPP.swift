public import Torch

/// Spatial pyramid pooling: max-pools of several sizes side by side, joined with their input.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H, W]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `SPP` (https://arxiv.org/abs/1406.4729); parameters `cv1.*`, `cv2.*`.
public struct SPP: SingleInputLayer {
    public let reduce: Conv
    public let expand: Conv
    public let pools: [MaxPool2d]

    public static let defaultKernelSizes = [5, 9, 13]

    private init(reduce: Conv, expand: Conv, pools: [MaxPool2d]) {
        self.reduce = reduce
        self.expand = expand
        self.pools = pools
    }

    /// - Parameter kernelSizes: odd, so that pooling keeps the size.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSizes: [Int] = defaultKernelSizes, activation: Activation = .silu
    ) throws(TorchError) {
        let hidden = inChannels / 2
        reduce = try Conv(inChannels, hidden, activation: activation)
        expand = try Conv(hidden * (kernelSizes.count + 1), outChannels, activation: activation)
        pools = kernelSizes.map { MaxPool2d(kernelSize: $0, stride: 1, padding: $0 / 2) }
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let reduced = try reduce(x, phase)  // [N, C1 / 2, H, W]
        var pyramid = [reduced]
        for pool in pools { pyramid.append(try pool(reduced, phase)) }
        return try expand(concatenated(pyramid, axis: 1), phase)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("cv1", reduce)
        visitor.visit("cv2", expand)
        visitor.visit("m", ModuleList(pools))
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let reduced = try reduce.measure(input, &cost)
        return try expand.measure(Concat.joined(Array(repeating: reduced, count: pools.count + 1)), &cost)
    }

    public func fused() throws(TorchError) -> Self {
        Self(reduce: try reduce.fused(), expand: try expand.fused(), pools: pools)
    }
}

extension SPP {
    static let kind = LayerKind(
        "SPP", parameters: ["channels", "kernel sizes"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSizes = try row.oddKernelSizes(default: SPP.defaultKernelSizes)
        try row.expectHalf(inChannels)
        return try row.making { () throws(TorchError) in
            try SPP(inChannels, outChannels, kernelSizes: kernelSizes, activation: row.activation)
        }
    }
}

extension LayerRow {
    /// The argument `kernel sizes` of poolings that keep the size.
    func oddKernelSizes(default fallback: [Int]) throws(ModelError) -> [Int] {
        guard let value = argument("kernel sizes") else { return fallback }
        let sizes = (value.list ?? []).compactMap(\.integer)
        guard (1...16).contains(sizes.count), sizes.count == value.list?.count,
            sizes.allSatisfy({ (1...255).contains($0) && !$0.isMultiple(of: 2) })
        else { throw fault("kernel sizes must be a list of odd numbers from 1 to 255, found \(value.excerpt)") }
        return sizes
    }

    /// A layer that passes half of its input's channels on needs two of them.
    func expectHalf(_ inChannels: Int) throws(ModelError) {
        guard inChannels >= 2 else { throw fault("takes at least 2 channels, found \(inChannels)") }
    }
}
