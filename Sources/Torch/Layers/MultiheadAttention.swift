/// Attention in several heads, each over its share of the channels.
///
/// Source: Vaswani et al., "Attention Is All You Need", section 3.2.2. Parameters `in_proj_weight` `[3 * width, width]` and
/// `in_proj_bias` `[3 * width]` (for queries, keys and values, one under the other), `out_proj.weight`, `out_proj.bias`.
public struct MultiheadAttention: StateHolder {
    public let projectionWeight: Tensor
    public let projectionBias: Tensor
    public let output: Linear
    public let headCount: Int

    public var width: Int { output.inFeatures }

    /// Random weights as PyTorch makes them (Glorot and Bengio 2010, uniform); biases are zero.
    /// - Parameter headCount: must divide `width`.
    public init(width: Int, headCount: Int) throws(TorchError) {
        let bound = (6 / Double(width + 3 * width)).squareRoot()
        projectionWeight = try Tensor.initialWeights([3 * width, width], within: bound)
        projectionBias = try Tensor.zeros([3 * width])
        output = try Linear(width, width)
        self.headCount = headCount
        if let bias = output.bias { try withoutGradients { () throws(TorchError) in try bias.fill(0) } }
        try projectionWeight.requireGradient()
        try projectionBias.requireGradient()
    }

    /// Attention with given weights.
    public init(projectionWeight: Tensor, projectionBias: Tensor, output: Linear, headCount: Int) {
        self.projectionWeight = projectionWeight
        self.projectionBias = projectionBias
        self.output = output
        self.headCount = headCount
    }

    /// - Parameters: each `[N, length, width]`.
    /// - Returns: `[N, length of the queries, width]`
    public func callAsFunction(queries: Tensor, keys: Tensor, values: Tensor) throws(TorchError) -> Tensor {
        let query = try heads(queries, part: 0)
        let gathered = try query.attention(to: heads(keys, part: 1), values: heads(values, part: 2))
        let joined = try gathered.transposed(1, 2).reshaped(queries.shape)  // [N, length, heads, width / heads]
        return try output(joined, .inference)
    }

    /// `[N, length, width]` → `[N, heads, length, width / heads]`
    private func heads(_ x: Tensor, part: Int) throws(TorchError) -> Tensor {
        let projected = try x.linear(
            weight: projectionWeight.narrowed(axis: 0, start: part * width, length: width),
            bias: projectionBias.narrowed(axis: 0, start: part * width, length: width))
        let split = try projected.reshaped([x.shape[0], x.shape[1], headCount, width / headCount])
        return try split.transposed(1, 2)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.parameter("in_proj_weight", projectionWeight)
        visitor.parameter("q_proj_weight", nil)  // PyTorch has these where keys and values have another width
        visitor.parameter("k_proj_weight", nil)
        visitor.parameter("v_proj_weight", nil)
        visitor.parameter("in_proj_bias", projectionBias)
        visitor.visit("out_proj", output)
    }
}
