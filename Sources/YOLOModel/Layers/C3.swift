public import Torch

/// Cross-stage partial block with three convolutions: half of the channels pass a chain of bottlenecks, half go round it.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H, W]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `C3` (CSPNet, https://arxiv.org/abs/1911.11929); parameters `cv1.*`, `cv2.*`,
///   `cv3.*`, `m.<i>.*`.
public struct C3<Inner: SingleInputLayer>: SingleInputLayer {
    /// Into the chain.
    public let entry: Conv
    /// Around the chain.
    public let bypass: Conv
    /// Over both, joined.
    public let exit: Conv
    public let inner: Inner

    private init(entry: Conv, bypass: Conv, exit: Conv, inner: Inner) {
        self.entry = entry
        self.bypass = bypass
        self.exit = exit
        self.inner = inner
    }

    /// - Parameters:
    ///   - expansion: channels of either branch, as a share of the output's.
    ///   - inner: makes what the first branch passes through, for so many channels in and out.
    public init(
        _ inChannels: Int, _ outChannels: Int, expansion: Double = 0.5, activation: Activation = .silu,
        inner makeInner: (_ channels: Int) throws(TorchError) -> Inner
    ) throws(TorchError) {
        let hidden = Int(Double(outChannels) * expansion)
        entry = try Conv(inChannels, hidden, activation: activation)
        bypass = try Conv(inChannels, hidden, activation: activation)
        exit = try Conv(2 * hidden, outChannels, activation: activation)
        inner = try makeInner(hidden)
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let branch = try inner(entry(x, phase), phase)
        let joined = try concatenated([branch, bypass(x, phase)], axis: 1)  // [N, 2 * hidden, H, W]
        return try exit(joined, phase)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("cv1", entry)
        visitor.visit("cv2", bypass)
        visitor.visit("cv3", exit)
        visitor.visit("m", inner)
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        cost.addModule()
        let branch = try inner.measure(entry.measure(input, &cost), &cost)
        let bypassed = try bypass.measure(input, &cost)
        return try exit.measure(Concat.joined([branch, bypassed]), &cost)
    }

    public func fused() throws(TorchError) -> Self {
        Self(entry: try entry.fused(), bypass: try bypass.fused(), exit: try exit.fused(), inner: try inner.fused())
    }
}

extension C3 where Inner == LayerSequence<Bottleneck> {
    /// The common form, with a chain of bottlenecks.
    public init(
        _ inChannels: Int, _ outChannels: Int, repeats: Int = 1, shortcut: Bool = true, groups: Int = 1,
        expansion: Double = 0.5, activation: Activation = .silu
    ) throws(TorchError) {
        try self.init(inChannels, outChannels, expansion: expansion, activation: activation) {
            channels throws(TorchError) in
            var chain: [Bottleneck] = []
            for _ in 0..<repeats {
                chain.append(
                    try Bottleneck(
                        channels, channels, shortcut: shortcut, groups: groups, expansion: 1, activation: activation))
            }
            return LayerSequence(chain)
        }
    }
}
