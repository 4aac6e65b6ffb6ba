import PyTorchFile
public import Torch

/// Two ghost convolutions with a shortcut; at stride 2 a depth-wise convolution between them halves the size.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H / stride, W / stride]`; C1 = C2 at stride 1.
/// - Source: YOLOv5 v6.2, `models/common.py`, `GhostBottleneck` (GhostNet, https://arxiv.org/abs/1911.11907); parameters
///   `conv.0.*`, `conv.1.*`, `conv.2.*`, `shortcut.0.*`, `shortcut.1.*`.
public struct GhostBottleneck: SingleInputLayer {
    /// What makes the size smaller: on the way and beside it.
    private struct Reduction {
        let main: DWConv
        let shortcutDepthwise: DWConv
        let shortcutPointwise: Conv
    }

    public let entry: GhostConv
    public let exit: GhostConv
    private let reduction: Reduction?

    private init(entry: GhostConv, exit: GhostConv, reduction: Reduction?) {
        self.entry = entry
        self.exit = exit
        self.reduction = reduction
    }

    /// - Parameters:
    ///   - outChannels: a multiple of 4, since a half of it is halved again.
    ///   - stride: 1 or 2.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: Extent = 3, stride: Int = 1, activation: Activation = .silu
    ) throws(TorchError) {
        let hidden = outChannels / 2
        entry = try GhostConv(inChannels, hidden, activation: activation)
        if stride == 2 {
            let depthwise = try DWConv(hidden, hidden, kernelSize: kernelSize, stride: 2, activation: .identity)
            exit = try GhostConv(hidden, outChannels, activation: .identity)
            reduction = Reduction(
                main: depthwise,
                shortcutDepthwise: try DWConv(
                    inChannels, inChannels, kernelSize: kernelSize, stride: 2, activation: .identity),
                shortcutPointwise: try Conv(inChannels, outChannels, activation: .identity))
        } else {
            exit = try GhostConv(hidden, outChannels, activation: .identity)
            reduction = nil
        }
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        var main = try entry(x, phase)
        if let reduction { main = try reduction.main(main, phase) }
        main = try exit(main, phase)
        guard let reduction else { return try main + x }
        let shortcut = try reduction.shortcutDepthwise(x, phase)
        return try main + reduction.shortcutPointwise(shortcut, phase)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        let nothing = Activation.identity  // what the reference has there at stride 1
        let middle: any StateHolder = reduction?.main ?? nothing
        visitor.visit("conv", ModuleList([entry, middle, exit], pythonClass: .sequential))
        if let reduction {
            let parts: [any StateHolder] = [reduction.shortcutDepthwise, reduction.shortcutPointwise]
            visitor.visit("shortcut", ModuleList(parts, pythonClass: .sequential))
        } else {
            visitor.visit("shortcut", nothing)
        }
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        var main = try entry.measure(input, &cost)
        if let reduction { main = try reduction.main.measure(main, &cost) }
        main = try exit.measure(main, &cost)
        var shortcut = input
        if let reduction {
            shortcut = try reduction.shortcutPointwise.measure(
                reduction.shortcutDepthwise.measure(input, &cost), &cost)
        }
        guard main == shortcut else {
            throw ShapeError("the shortcut joins \(shortcut) and \(main), which must be equal")
        }
        return main
    }

    public func fused() throws(TorchError) -> Self {
        var fusedReduction: Reduction?
        if let reduction {
            fusedReduction = Reduction(
                main: try reduction.main.fused(), shortcutDepthwise: try reduction.shortcutDepthwise.fused(),
                shortcutPointwise: try reduction.shortcutPointwise.fused())
        }
        return Self(entry: try entry.fused(), exit: try exit.fused(), reduction: fusedReduction)
    }
}

extension GhostBottleneck {
    static let kind = LayerKind(
        "GhostBottleneck", parameters: ["channels", "kernel size", "stride"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.extent("kernel size", in: 1...255, default: 3)
        let stride = try row.integer("stride", in: 1...2, default: 1)
        guard outChannels.isMultiple(of: 4) else {
            throw row.fault("channels must be a multiple of 4, found \(outChannels)")
        }
        return try row.making { () throws(TorchError) in
            try GhostBottleneck(
                inChannels, outChannels, kernelSize: kernelSize, stride: stride, activation: row.activation)
        }
    }
}
