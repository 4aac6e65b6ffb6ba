import CTorch

extension Tensor {
    /// Whether operations on this tensor are recorded for a backward pass.
    public var requiresGradient: Bool { lend(ct_requires_grad) }

    /// For leaves, before the first operation on them.
    public func requireGradient(_ required: Bool = true) throws(TorchError) {
        try check("requireGradient", lend { ct_set_requires_grad($0, required) })
    }

    /// The same data outside of the graph.
    public func detached() throws(TorchError) -> Tensor { try unary("detached", ct_detach) }

    /// What backward passes have added up for this leaf, if any.
    public func gradient() throws(TorchError) -> Tensor? {
        var raw = CTTensor()
        try check("gradient", lend { ct_grad(&raw, $0) })
        return raw.pointer == nil ? nil : Tensor(TensorHandle(owning: raw))
    }

    /// Nil frees the gradient; the next backward pass starts a new one.
    public func setGradient(_ gradient: Tensor?) throws(TorchError) {
        try check("setGradient", lend { x in gradient.lend { ct_set_grad(x, $0) } })
    }

    /// Adds the gradient of this tensor to each leaf that it was computed from.
    /// - Parameter gradient: the derivative by this tensor; needed unless it has one element.
    public func backward(gradient: Tensor? = nil) throws(TorchError) {
        try check("backward", lend { x in gradient.lend { ct_backward(x, $0) } })
    }
}

/// Runs `body` without recording operations for a backward pass.
public func withoutGradients<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let before = ct_exchange_grad_mode(false)
    defer { _ = ct_exchange_grad_mode(before) }
    return try body()
}

/// Runs `body` in libtorch's inference mode: faster still, but its tensors can never take part in a backward pass.
public func withInferenceMode<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let guardian = ct_inference_mode_enter()
    defer { ct_inference_mode_leave(guardian) }
    return try body()
}
