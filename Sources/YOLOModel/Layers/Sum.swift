public import PyTorchFile
public import Torch

/// Adds maps of one shape; with weights, all but the first are scaled by a number in 0...2 that is learnt.
///
/// - Input: two or more `[N, C, H, W]`; output: `[N, C, H, W]`.
/// - Source: YOLOv5 v6.2, `models/experimental.py`, `Sum` (EfficientDet, https://arxiv.org/abs/1911.09070); parameter `w`.
public struct Sum: ModelLayer {
    public let inputCount: Int
    /// Before the sigmoid, `[inputs - 1]`.
    public let weight: Tensor?

    private init(inputCount: Int, weight: Tensor?) {
        self.inputCount = inputCount
        self.weight = weight
    }

    public init(inputCount: Int, isWeighted: Bool = false) throws(TorchError) {
        self.inputCount = inputCount
        weight = isWeighted ? try Tensor((1..<inputCount).map { -Float($0) / 2 }) : nil
        try weight?.requireGradient()
    }

    public func callAsFunction(_ inputs: [Tensor], _: Phase) throws(TorchError) -> Tensor {
        var sum = inputs[0]
        let scales = try weight.map { weight throws(TorchError) in try weight.sigmoid() * 2 }
        for (index, input) in inputs.dropFirst().enumerated() {
            let term = if let scales { try input * scales.selected(axis: 0, index: index) } else { input }
            sum = try sum + term
        }
        return sum
    }

    public func visitState(_ visitor: inout StateVisitor) {
        if let weight { visitor.parameter("w", weight) }
    }

    public var pythonClass: PythonName { PythonName("models.experimental", "Sum") }

    public var pythonAttributes: [PythonAttribute] {
        let range = PythonObject(
            PythonName("builtins", "range"), construction: .call, arguments: [0, .int(inputCount - 1), 1])
        return [("weight", .bool(weight != nil)), ("iter", .object(range))]
    }

    public func measure(_ inputs: [FeatureShape], _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        guard inputs.count == inputCount else { throw ShapeError("adds \(inputCount) inputs, found \(inputs.count)") }
        for input in inputs.dropFirst() where input != inputs[0] {
            throw ShapeError("inputs must have one shape; found \(inputs[0]) and \(input)")
        }
        return inputs[0]
    }

    public func fused() throws(TorchError) -> Self { Self(inputCount: inputCount, weight: try weight?.copiedLeaf()) }
}

extension Sum {
    static let kind = LayerKind("Sum", parameters: ["inputs", "weighted"], required: 1) { row throws(ModelError) in
        let inputCount = try row.integer("inputs", in: 2...64)
        let isWeighted = try row.boolean("weighted", default: false)
        return try row.making { () throws(TorchError) in try Sum(inputCount: inputCount, isWeighted: isWeighted) }
    }
}
