import CTorch

// Views share memory with the tensor; `reshaped` copies where no view is possible.
extension Tensor {
    /// One length may be -1: it is computed from the others.
    public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
        try unary("reshaped") { out, x in shape.lend { ct_reshape(out, x, $0) } }
    }

    public func permuted(_ axes: [Int]) throws(TorchError) -> Tensor {
        try unary("permuted") { out, x in axes.lend { ct_permute(out, x, $0) } }
    }

    public func transposed(_ first: Int, _ second: Int) throws(TorchError) -> Tensor {
        try unary("transposed") { ct_transpose($0, $1, Int64(first), Int64(second)) }
    }

    public func narrowed(axis: Int, start: Int, length: Int) throws(TorchError) -> Tensor {
        try unary("narrowed") { ct_narrow($0, $1, Int64(axis), Int64(start), Int64(length)) }
    }

    /// One slice along an axis, which disappears.
    public func selected(axis: Int, index: Int) throws(TorchError) -> Tensor {
        try unary("selected") { ct_select($0, $1, Int64(axis), Int64(index)) }
    }

    public func unsqueezed(_ axis: Int) throws(TorchError) -> Tensor {
        try unary("unsqueezed") { ct_unsqueeze($0, $1, Int64(axis)) }
    }

    public func squeezed(_ axis: Int) throws(TorchError) -> Tensor {
        try unary("squeezed") { ct_squeeze($0, $1, Int64(axis)) }
    }

    public func expanded(to shape: [Int]) throws(TorchError) -> Tensor {
        try unary("expanded") { out, x in shape.lend { ct_expand(out, x, $0) } }
    }

    /// A copy with the order along these axes reversed.
    public func flipped(axes: [Int]) throws(TorchError) -> Tensor {
        try unary("flipped") { out, x in axes.lend { ct_flip(out, x, $0) } }
    }

    /// `parts` slices of equal length along an axis.
    public func chunked(_ parts: Int, axis: Int) throws(TorchError) -> [Tensor] {
        let length = shape[axis < 0 ? axis + dimensions : axis]
        precondition(length % parts == 0, "an axis of length \(length) has no \(parts) equal parts")
        var chunks: [Tensor] = []
        for part in 0..<parts {
            chunks.append(try narrowed(axis: axis, start: part * length / parts, length: length / parts))
        }
        return chunks
    }
}

/// Joins tensors along an existing axis.
public func concatenated(_ tensors: [Tensor], axis: Int) throws(TorchError) -> Tensor {
    try Tensor.make("concatenated") { out in tensors.lend { ct_cat(out, $0, Int64(axis)) } }
}

/// Joins tensors of one shape along a new axis.
public func stacked(_ tensors: [Tensor], axis: Int) throws(TorchError) -> Tensor {
    try Tensor.make("stacked") { out in tensors.lend { ct_stack(out, $0, Int64(axis)) } }
}
