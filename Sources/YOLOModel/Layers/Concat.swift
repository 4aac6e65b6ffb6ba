import PyTorchFile
public import Torch

/// Joins feature maps of one size along their channels.
///
/// - Input: several `[N, Ci, H, W]`; output: `[N, C1 + C2 + …, H, W]`, channels-last when they are.
/// - Source: YOLOv5 v6.2, `models/common.py`, `Concat`.
public struct Concat: ModelLayer {
    public init() {}

    public func callAsFunction(_ inputs: [Tensor], _: Phase) throws(TorchError) -> Tensor {
        try concatenated(inputs, axis: 1)
    }

    public func visitState(_ visitor: inout StateVisitor) {}

    public var pythonAttributes: [PythonAttribute] { [("d", 1)] }

    public func measure(_ inputs: [FeatureShape], _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        try Self.joined(inputs)
    }

    public func fused() throws(TorchError) -> Self { self }

    /// The shape of maps joined along their channels.
    static func joined(_ shapes: [FeatureShape]) throws(ShapeError) -> FeatureShape {
        guard var joined = shapes.first else { throw ShapeError("takes at least one input") }
        for shape in shapes.dropFirst() {
            guard shape.height == joined.height, shape.width == joined.width else {
                throw ShapeError(
                    "inputs must have one size; found \(joined.height) x \(joined.width) and "
                        + "\(shape.height) x \(shape.width) (of an image of \(LayerGraph.probeSize) pixels)")
            }
            joined.channels += shape.channels
        }
        return joined
    }
}

extension Concat {
    static let kind = LayerKind("Concat", parameters: ["axis"], required: 0) { row throws(ModelError) in
        _ = try row.integer("axis", in: 1...1, default: 1)
        return Concat()
    }
}
