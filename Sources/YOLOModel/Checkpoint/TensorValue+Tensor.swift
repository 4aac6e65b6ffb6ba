public import PyTorchFile
public import Torch

extension ScalarType {
    /// The type of the same name in a checkpoint.
    init?(_ dtype: TensorValue.DType) {
        switch dtype {
        case .float16: self = .float16
        case .bfloat16: self = .bfloat16
        case .float32: self = .float32
        case .float64: self = .float64
        case .int32: self = .int32
        case .int64: self = .int64
        case .uint8: self = .uint8
        case .bool: self = .bool
        case .int8, .int16: return nil
        }
    }

    fileprivate var dtype: TensorValue.DType {
        switch self {
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .float32: .float32
        case .float64: .float64
        case .int32: .int32
        case .int64: .int64
        case .uint8: .uint8
        case .bool: .bool
        }
    }
}

extension TensorValue {
    /// A row-major copy of a tensor's elements as they are now, for writing.
    public init(_ tensor: Tensor) throws(TorchError) {
        let rowMajor = try tensor.detached().to(.cpu).contiguous()
        self = rowMajor.withBytes { bytes in
            TensorValue(rowMajor.scalarType.dtype, shape: rowMajor.shape, copying: UnsafeRawBufferPointer(bytes))
        }
    }
}

extension Tensor {
    /// A tensor on the CPU with a copy of the elements.
    /// - Throws: for int8 and int16, which no model of ours uses.
    public init(_ value: TensorValue) throws(TorchError) {
        self = try Tensor.lending(value) { tensor throws(TorchError) in try tensor.cloned() }
    }

    /// Copies a checkpoint's elements over this tensor's, converting their type.
    func copy(from value: TensorValue) throws(TorchError) {
        try Tensor.lending(value) { tensor throws(TorchError) in try copy(from: tensor) }
    }

    /// Looks at a checkpoint's memory as a tensor, for the duration of `body`.
    private static func lending<Result>(
        _ value: TensorValue, _ body: (Tensor) throws(TorchError) -> Result
    ) throws(TorchError) -> Result {
        guard let type = ScalarType(value.dtype) else {
            throw TorchError(kind: .failed, operation: "Tensor.init", message: "there are no tensors of type \(value.dtype)")
        }
        return try value.withBytes { bytes throws(TorchError) in
            // Numbers in an archive need not lie where the processor wants numbers of their size.
            let isAligned = Int(bitPattern: bytes.baseAddress).isMultiple(of: type.byteCount)
            let tensor = isAligned
                ? try Tensor.viewing(bytes, shape: value.shape, type) : try Tensor(copying: bytes, shape: value.shape, type)
            return try body(tensor)
        }
    }
}
