import PyTorchFile
public import Torch

/// A window taken apart into a row and a column, with a shortcut where input and output have the same channels.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H / stride, W / stride]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `CrossConv`; parameters `cv1.*` (1 x k), `cv2.*` (k x 1).
public struct CrossConv: SingleInputLayer {
    public let row: Conv
    public let column: Conv
    public let hasShortcut: Bool

    private init(row: Conv, column: Conv, hasShortcut: Bool) {
        self.row = row
        self.column = column
        self.hasShortcut = hasShortcut
    }

    /// - Parameters:
    ///   - groups: of the column.
    ///   - expansion: channels between the two, as a share of the output's.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: Int = 3, stride: Int = 1, groups: Int = 1,
        expansion: Double = 1, shortcut: Bool = false, activation: Activation = .silu
    ) throws(TorchError) {
        let hidden = hiddenChannels(of: outChannels, expansion: expansion)
        row = try Conv(
            inChannels, hidden, kernelSize: Extent(height: 1, width: kernelSize), stride: Extent(height: 1, width: stride),
            activation: activation)
        column = try Conv(
            hidden, outChannels, kernelSize: Extent(height: kernelSize, width: 1), stride: Extent(height: stride, width: 1),
            groups: groups, activation: activation)
        hasShortcut = shortcut && inChannels == outChannels
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let rows = try row(x, phase)
        let crossed = try column(rows, phase)
        return hasShortcut ? try x + crossed : crossed
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("cv1", row)
        visitor.visit("cv2", column)
    }

    public var pythonAttributes: [PythonAttribute] { [("add", .bool(hasShortcut))] }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let output = try column.measure(row.measure(input, &cost), &cost)
        guard !hasShortcut || output == input else {
            throw ShapeError("the shortcut joins \(input) and \(output), which must be equal; use stride 1 and an odd kernel")
        }
        return output
    }

    public func fused() throws(TorchError) -> Self {
        Self(row: try row.fused(), column: try column.fused(), hasShortcut: hasShortcut)
    }
}

extension CrossConv {
    static let kind = LayerKind(
        "CrossConv", parameters: ["channels", "kernel size", "stride", "groups", "expansion", "shortcut"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.integer("kernel size", in: 1...255, default: 3)
        let stride = try row.integer("stride", in: 1...255, default: 1)
        let expansion = try row.expansion(outChannels, default: 1)
        let groups = try row.groups(hiddenChannels(of: outChannels, expansion: expansion), outChannels)
        let shortcut = try row.boolean("shortcut", default: false)
        return try row.making { () throws(TorchError) in
            try CrossConv(
                inChannels, outChannels, kernelSize: kernelSize, stride: stride, groups: groups, expansion: expansion,
                shortcut: shortcut, activation: row.activation)
        }
    }
}
