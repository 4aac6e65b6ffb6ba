import CTorch

extension Tensor {
    /// The slices along an axis at int64 indices.
    public func indexSelected(axis: Int, _ indices: Tensor) throws(TorchError) -> Tensor {
        try binary("indexSelected", indices) { ct_index_select($0, $1, Int64(axis), $2) }
    }

    /// One element along an axis for each int64 index, at the index's own place along the others.
    public func gathered(axis: Int, _ indices: Tensor) throws(TorchError) -> Tensor {
        try binary("gathered", indices) { ct_gather($0, $1, Int64(axis), $2) }
    }

    /// Elements of `x` where the boolean condition holds, of `y` elsewhere.
    public static func `where`(_ condition: Tensor, _ x: Tensor, _ y: Tensor) throws(TorchError) -> Tensor {
        try make("where") { out in
            condition.lend { condition in x.lend { x in y.lend { y in ct_where(out, condition, x, y) } } }
        }
    }

    /// From a matrix `[M, K]`: the rows at int64 `indices`, `[n, K]`, and one whole column, `[M]`, both float32.
    ///
    /// The backward pass fills one gradient of the matrix for both, where separate operations would fill and add two.
    public func gatheredRowsAndColumn(
        rows indices: Tensor, column: Int
    ) throws(TorchError) -> (rows: Tensor, column: Tensor) {
        var rows = CTTensor(), values = CTTensor()
        let status = lend { x in
            indices.lend { ct_gather_rows_and_column(&rows, &values, x, $0, Int64(column)) }
        }
        try check("gatheredRowsAndColumn", status)
        return (Tensor(TensorHandle(owning: rows)), Tensor(TensorHandle(owning: values)))
    }
}

// MARK: - In place

extension Tensor {
    public func fill(_ value: Double) throws(TorchError) { try check("fill", lend { ct_fill_($0, value) }) }

    /// Copies elements over, converting type and device.
    public func copy(from source: Tensor) throws(TorchError) {
        try check("copy", lend { x in source.lend { ct_copy_(x, $0) } })
    }

    public func add(_ other: Tensor, scaledBy scale: Double = 1) throws(TorchError) {
        try check("add", lend { x in other.lend { ct_add_(x, $0, scale) } })
    }

    public func add(_ value: Double) throws(TorchError) { try check("add", lend { ct_add_scalar_($0, value) }) }

    public func multiply(by factor: Double) throws(TorchError) { try check("multiply", lend { ct_mul_($0, factor) }) }

    public func formSigmoid() throws(TorchError) { try check("formSigmoid", lend(ct_sigmoid_)) }

    /// Writes slices at distinct int64 indices along an axis.
    public func copySlices(axis: Int, at indices: Tensor, from values: Tensor) throws(TorchError) {
        let status = lend { x in
            indices.lend { indices in values.lend { ct_index_copy_(x, Int64(axis), indices, $0) } }
        }
        try check("copySlices", status)
    }

    /// Puts another tensor's data, with its type, device and memory format, under this tensor's identity: optimizers and
    /// layers that hold this tensor see the new data.
    public func replaceData(with data: Tensor) throws(TorchError) {
        try check("replaceData", lend { x in data.lend { ct_set_data(x, $0) } })
    }
}
