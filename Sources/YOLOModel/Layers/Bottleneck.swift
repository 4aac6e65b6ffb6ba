import PyTorchFile
public import Torch

/// Two convolutions through fewer channels, with a shortcut around them where input and output have the same channels.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H, W]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `Bottleneck`; parameters `cv1.*`, `cv2.*`.
public struct Bottleneck: SingleInputLayer {
    public let reduce: Conv
    public let expand: Conv
    public let hasShortcut: Bool

    private init(reduce: Conv, expand: Conv, hasShortcut: Bool) {
        self.reduce = reduce
        self.expand = expand
        self.hasShortcut = hasShortcut
    }

    /// - Parameter expansion: channels inside, as a share of the output's.
    public init(
        _ inChannels: Int, _ outChannels: Int, shortcut: Bool = true, groups: Int = 1, expansion: Double = 0.5,
        activation: Activation = .silu
    ) throws(TorchError) {
        let hidden = hiddenChannels(of: outChannels, expansion: expansion)
        reduce = try Conv(inChannels, hidden, activation: activation)
        expand = try Conv(hidden, outChannels, kernelSize: 3, groups: groups, activation: activation)
        hasShortcut = shortcut && inChannels == outChannels
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let reduced = try reduce(x, phase)
        let expanded = try expand(reduced, phase)
        return hasShortcut ? try x + expanded : expanded
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("cv1", reduce)
        visitor.visit("cv2", expand)
    }

    public var pythonAttributes: [PythonAttribute] { [("add", .bool(hasShortcut))] }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        try expand.measure(reduce.measure(input, &cost), &cost)
    }

    public func fused() throws(TorchError) -> Self {
        Self(reduce: try reduce.fused(), expand: try expand.fused(), hasShortcut: hasShortcut)
    }
}

extension Bottleneck {
    static let kind = LayerKind(
        "Bottleneck", parameters: ["channels", "shortcut", "groups", "expansion"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let shortcut = try row.boolean("shortcut", default: true)
        let expansion = try row.expansion(outChannels)
        let groups = try row.groups(hiddenChannels(of: outChannels, expansion: expansion), outChannels)
        return try row.making { () throws(TorchError) in
            try Bottleneck(
                inChannels, outChannels, shortcut: shortcut, groups: groups, expansion: expansion,
                activation: row.activation)
        }
    }
}
