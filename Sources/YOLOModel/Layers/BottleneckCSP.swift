public import Torch

/// Cross-stage partial block of the first YOLOv5: like ``C3``, with one normalization over both branches.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H, W]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `BottleneckCSP` (CSPNet, https://arxiv.org/abs/1911.11929); parameters `cv1.*`,
///   `cv2.weight`, `cv3.weight`, `cv4.*`, `bn.*`, `m.<i>.*`.
public struct BottleneckCSP: SingleInputLayer {
    public let entry: Conv
    /// Around the chain, bare.
    public let bypass: Conv2d
    /// After the chain, bare.
    public let leave: Conv2d
    public let exit: Conv
    public let norm: BatchNorm2d
    public let inner: LayerSequence<Bottleneck>
    /// Always this one, whatever the model's `activation` is.
    private let activation = Activation.silu

    private init(
        entry: Conv, bypass: Conv2d, leave: Conv2d, exit: Conv, norm: BatchNorm2d, inner: LayerSequence<Bottleneck>
    ) {
        self.entry = entry
        self.bypass = bypass
        self.leave = leave
        self.exit = exit
        self.norm = norm
        self.inner = inner
    }

    /// - Parameter expansion: channels of either branch, as a share of the output's.
    public init(
        _ inChannels: Int, _ outChannels: Int, repeats: Int = 1, shortcut: Bool = true, groups: Int = 1,
        expansion: Double = 0.5, activation: Activation = .silu
    ) throws(TorchError) {
        let hidden = hiddenChannels(of: outChannels, expansion: expansion)
        entry = try Conv(inChannels, hidden, activation: activation)
        bypass = try Conv2d(inChannels: inChannels, outChannels: hidden, kernelSize: 1, hasBias: false)
        leave = try Conv2d(inChannels: hidden, outChannels: hidden, kernelSize: 1, hasBias: false)
        exit = try Conv(2 * hidden, outChannels, activation: activation)
        norm = try BatchNorm2d(yolo: 2 * hidden)
        inner = try LayerSequence(repeating: repeats) { () throws(TorchError) in
            try Bottleneck(hidden, hidden, shortcut: shortcut, groups: groups, expansion: 1, activation: activation)
        }
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let chained = try inner(entry(x, phase), phase)
        let joined = try concatenated([leave(chained, phase), bypass(x, phase)], axis: 1)  // [N, 2 * hidden, H, W]
        return try exit(norm.followedBySiLU(joined, phase), phase)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("cv1", entry)
        visitor.visit("cv2", bypass)
        visitor.visit("cv3", leave)
        visitor.visit("cv4", exit)
        visitor.visit("bn", norm)
        visitor.visit("act", activation)
        visitor.visit("m", inner)
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let chained = try leave.measure(inner.measure(entry.measure(input, &cost), &cost), &cost)
        let joined = try Concat.joined([chained, bypass.measure(input, &cost)])
        return try exit.measure(norm.measure(joined, &cost), &cost)
    }

    /// The joint normalization stays, as in the reference: it follows no convolution alone.
    public func fused() throws(TorchError) -> Self {
        Self(
            entry: try entry.fused(), bypass: try bypass.copied(), leave: try leave.copied(), exit: try exit.fused(),
            norm: try norm.copied(), inner: try inner.fused())
    }
}

extension BottleneckCSP {
    static let kind = LayerKind(
        "BottleneckCSP", parameters: ["channels", "shortcut", "groups", "expansion"], required: 1, repeatsInside: true
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let shortcut = try row.boolean("shortcut", default: true)
        let expansion = try row.expansion(outChannels)
        let hidden = hiddenChannels(of: outChannels, expansion: expansion)
        let groups = try row.groups(hidden, hidden)
        return try row.making { () throws(TorchError) in
            try BottleneckCSP(
                inChannels, outChannels, repeats: row.repeats, shortcut: shortcut, groups: groups, expansion: expansion,
                activation: row.activation)
        }
    }
}
