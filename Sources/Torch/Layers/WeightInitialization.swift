/// Whether new layers draw random weights.
enum WeightInitialization {
    @TaskLocal static var isSkipped = false
}

/// Makes layers whose weights are whatever the memory holds, for weights that are about to be replaced: drawing 87 million
/// random numbers for a yolov5x takes longer than reading them.
public func withoutWeightInitialization<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    try WeightInitialization.$isSkipped.withValue(true) { Swift.Result(catching: body) }.get()
}

extension Tensor {
    /// Weights of a new layer: uniform random numbers within `bound` of 0.
    static func initialWeights(_ shape: [Int], within bound: Double) throws(TorchError) -> Tensor {
        WeightInitialization.isSkipped ? try empty(shape) : try uniform(shape, in: -bound...bound)
    }

    /// A copy of the elements that takes no part in a graph, and learns where this one does.
    public func copiedLeaf() throws(TorchError) -> Tensor {
        let copy = try detached().cloned()
        try copy.requireGradient(requiresGradient)
        return copy
    }
}
