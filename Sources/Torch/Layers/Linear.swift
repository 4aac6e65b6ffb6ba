/// A matrix and, where it has one, an offset: `[…, in]` → `[…, out]`.
///
/// Parameters `weight` `[out, in]` and `bias` `[out]`.
public struct Linear: Layer {
    public let weight: Tensor
    public let bias: Tensor?

    public var inFeatures: Int { weight.shape[1] }
    public var outFeatures: Int { weight.shape[0] }

    /// Random weights as PyTorch makes them: uniform within 1 / sqrt(in).
    public init(_ inFeatures: Int, _ outFeatures: Int, hasBias: Bool = true) throws(TorchError) {
        let bound = 1 / Double(inFeatures).squareRoot()
        weight = try Tensor.initialWeights([outFeatures, inFeatures], within: bound)
        bias = hasBias ? try Tensor.initialWeights([outFeatures], within: bound) : nil
        for parameter in parameters() { try parameter.requireGradient() }
    }

    /// A matrix with given weights.
    public init(weight: Tensor, bias: Tensor?) {
        self.weight = weight
        self.bias = bias
    }

    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor {
        try x.linear(weight: weight, bias: bias)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.parameter("weight", weight)
        visitor.parameter("bias", bias)
    }
}
