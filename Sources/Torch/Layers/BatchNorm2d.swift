import CTorch

/// Batch normalisation of images, `[N, C, H, W]` → the same shape.
///
/// Source: Ioffe and Szegedy, "Batch Normalization", 2015. Parameters `weight`, `bias`; buffers `running_mean`,
/// `running_var`, `num_batches_tracked`.
public struct BatchNorm2d: Layer {
    public let weight: Tensor
    public let bias: Tensor
    public let runningMean: Tensor
    public let runningVariance: Tensor
    /// int64; counts the training batches seen.
    public let batchesTracked: Tensor
    /// Added to the variance.
    public let epsilon: Double
    /// The share of the batch's statistics in the running ones at each step.
    public let momentum: Double

    public init(channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) throws(TorchError) {
        weight = try Tensor.ones([channels])
        bias = try Tensor.zeros([channels])
        runningMean = try Tensor.zeros([channels])
        runningVariance = try Tensor.ones([channels])
        batchesTracked = try Tensor.zeros([], .int64)
        self.epsilon = epsilon
        self.momentum = momentum
        try weight.requireGradient()
        try bias.requireGradient()
    }

    /// A normalisation with given tensors.
    public init(
        weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor, batchesTracked: Tensor,
        epsilon: Double, momentum: Double
    ) {
        self.weight = weight
        self.bias = bias
        self.runningMean = runningMean
        self.runningVariance = runningVariance
        self.batchesTracked = batchesTracked
        self.epsilon = epsilon
        self.momentum = momentum
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        try countBatch(phase)
        return try call("batchNorm", x) {
            ct_batch_norm($0, $1, $2, $3, $4, $5, phase == .training, momentum, epsilon)
        }
    }

    /// Normalisation and SiLU at once; in training on a CPU about twice as fast as one after the other.
    public func followedBySiLU(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        guard phase == .training else { return try self(x, phase).silu() }
        try countBatch(phase)
        return try call("batchNormSiLU", x) { ct_batch_norm_silu($0, $1, $2, $3, $4, $5, momentum, epsilon) }
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.parameter("weight", weight)
        visitor.parameter("bias", bias)
        visitor.buffer("running_mean", runningMean)
        visitor.buffer("running_var", runningVariance)
        visitor.buffer("num_batches_tracked", batchesTracked)
    }

    private func countBatch(_ phase: Phase) throws(TorchError) {
        guard phase == .training else { return }
        try batchesTracked.add(1)
    }

    private typealias Call = (
        UnsafeMutablePointer<CTTensor>, CTTensor, CTTensor, CTTensor, CTTensor, CTTensor
    ) -> CTStatus

    private func call(_ operation: String, _ x: Tensor, _ body: Call) throws(TorchError) -> Tensor {
        try x.unary(operation) { out, x in
            weight.lend { weight in
                bias.lend { bias in
                    runningMean.lend { mean in runningVariance.lend { body(out, x, weight, bias, mean, $0) } }
                }
            }
        }
    }
}
