public import PyTorchFile
public import Torch

/// Cross-stage partial block with three convolutions: half of the channels pass an inner layer, half go round it.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H, W]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `C3` (CSPNet, https://arxiv.org/abs/1911.11929), and those that have another
///   inside: `C3x`, `C3TR`, `C3SPP`, `C3Ghost`; parameters `cv1.*`, `cv2.*`, `cv3.*`, `m.*`.
public struct C3<Inner: SingleInputLayer>: SingleInputLayer {
    /// Into the inner layer.
    public let entry: Conv
    /// Around it.
    public let bypass: Conv
    /// Over both, joined.
    public let exit: Conv
    public let inner: Inner
    public let pythonClass: PythonName

    private init(entry: Conv, bypass: Conv, exit: Conv, inner: Inner, pythonClass: PythonName) {
        self.entry = entry
        self.bypass = bypass
        self.exit = exit
        self.inner = inner
        self.pythonClass = pythonClass
    }

    /// - Parameters:
    ///   - expansion: channels of either branch, as a share of the output's.
    ///   - name: of the class in Python's `models.common`.
    ///   - inner: makes what the first branch passes through, for so many channels in and out.
    public init(
        _ inChannels: Int, _ outChannels: Int, expansion: Double = 0.5, activation: Activation = .silu,
        name: String = "C3", inner makeInner: (_ channels: Int) throws(TorchError) -> Inner
    ) throws(TorchError) {
        let hidden = hiddenChannels(of: outChannels, expansion: expansion)
        entry = try Conv(inChannels, hidden, activation: activation)
        bypass = try Conv(inChannels, hidden, activation: activation)
        exit = try Conv(2 * hidden, outChannels, activation: activation)
        inner = try makeInner(hidden)
        pythonClass = PythonName("models.common", name)
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
        let branch = try inner.measure(entry.measure(input, &cost), &cost)
        let bypassed = try bypass.measure(input, &cost)
        return try exit.measure(Concat.joined([branch, bypassed]), &cost)
    }

    public func fused() throws(TorchError) -> Self {
        Self(
            entry: try entry.fused(), bypass: try bypass.fused(), exit: try exit.fused(), inner: try inner.fused(),
            pythonClass: pythonClass)
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
            try LayerSequence(repeating: repeats) { () throws(TorchError) in
                try Bottleneck(
                    channels, channels, shortcut: shortcut, groups: groups, expansion: 1, activation: activation)
            }
        }
    }
}

extension C3 where Inner == LayerSequence<CrossConv> {
    /// `C3x`, with a chain of crossed rows and columns.
    public init(
        crossed inChannels: Int, _ outChannels: Int, repeats: Int = 1, shortcut: Bool = true, groups: Int = 1,
        expansion: Double = 0.5, activation: Activation = .silu
    ) throws(TorchError) {
        try self.init(inChannels, outChannels, expansion: expansion, activation: activation, name: "C3x") {
            channels throws(TorchError) in
            try LayerSequence(repeating: repeats) { () throws(TorchError) in
                try CrossConv(channels, channels, groups: groups, shortcut: shortcut, activation: activation)
            }
        }
    }
}

extension C3 where Inner == LayerSequence<GhostBottleneck> {
    /// `C3Ghost`, with a chain of ghost bottlenecks.
    public init(
        ghost inChannels: Int, _ outChannels: Int, repeats: Int = 1, expansion: Double = 0.5,
        activation: Activation = .silu
    ) throws(TorchError) {
        try self.init(inChannels, outChannels, expansion: expansion, activation: activation, name: "C3Ghost") {
            channels throws(TorchError) in
            try LayerSequence(repeating: repeats) { () throws(TorchError) in
                try GhostBottleneck(channels, channels, activation: activation)
            }
        }
    }
}

extension C3 where Inner == SPP {
    /// `C3SPP`, with spatial pyramid pooling.
    public init(
        pooling inChannels: Int, _ outChannels: Int, kernelSizes: [Int] = SPP.defaultKernelSizes,
        expansion: Double = 0.5, activation: Activation = .silu
    ) throws(TorchError) {
        try self.init(inChannels, outChannels, expansion: expansion, activation: activation, name: "C3SPP") {
            channels throws(TorchError) in
            try SPP(channels, channels, kernelSizes: kernelSizes, activation: activation)
        }
    }
}

extension C3 where Inner == TransformerBlock {
    /// `C3TR`, with a transformer of four heads.
    public init(
        transformer inChannels: Int, _ outChannels: Int, repeats: Int = 1, expansion: Double = 0.5,
        activation: Activation = .silu
    ) throws(TorchError) {
        try self.init(inChannels, outChannels, expansion: expansion, activation: activation, name: "C3TR") {
            channels throws(TorchError) in
            try TransformerBlock(
                channels, channels, headCount: C3Kinds.headCount, layerCount: repeats, activation: activation)
        }
    }
}
