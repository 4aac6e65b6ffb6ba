public import PyTorchFile
public import Torch

/// A batch normalization as a row of its own.
///
/// - Input: `[N, C, H, W]`; output: the same.
/// - Source: `nn.BatchNorm2d`; parameters `weight`, `bias`.
public struct Normalization: SingleInputLayer {
    public let norm: BatchNorm2d

    public init(_ norm: BatchNorm2d) { self.norm = norm }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor { try norm(x, phase) }

    public func visitState(_ visitor: inout StateVisitor) { norm.visitState(&visitor) }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        try norm.measure(input, &cost)
    }

    public func fused() throws(TorchError) -> Self { Self(try norm.copied()) }

    public var pythonClass: PythonName { norm.pythonClass }
    public var pythonAttributes: [PythonAttribute] { norm.pythonAttributes }
}

extension Normalization {
    /// The reference puts the channels of the input in place of the arguments.
    static let kind = LayerKind("nn.BatchNorm2d", parameters: ["channels"], required: 0) { row throws(ModelError) in
        let channels = try row.inputChannels
        return try row.making { () throws(TorchError) in Normalization(try BatchNorm2d(yolo: channels)) }
    }
}
