extension ValueBuilder {
    /// `scalar(dtype, bytes)`: a number becomes an integer, float or boolean; other types stay objects.
    func numPyScalar(_ object: PythonObject) throws(Defect) -> PickleValue? {
        guard object.arguments.count == 2 else { throw Self.wrongArguments(object) }
        guard case .object(let dtype) = object.arguments[0], case .bytes(let bytes) = object.arguments[1],
            let type = NumPyType(dtype)
        else { return nil }
        guard bytes.count == type.size else { throw Self.wrongArguments(object) }
        return type.number(bytes)
    }

    /// `_reconstruct(ndarray, (0,), b"b")` with the state `(version, shape, dtype, is_fortran_order, bytes)`: an array of
    /// a type that tensors have too becomes a tensor; others stay objects.
    func numPyArray(_ object: PythonObject) throws(Defect) -> PickleValue? {
        guard case .tuple(let state)? = object.state, state.count == 5, let shape = Self.integers(state[1]),
            case .object(let dtype) = state[2], let isFortran = state[3].bool, case .bytes(let bytes) = state[4],
            let type = NumPyType(dtype)?.tensorType
        else { return nil }
        let rowMajor = TensorValue.rowMajorStrides(isFortran ? shape.reversed() : shape)
        let strides = isFortran ? Array(rowMajor.reversed()) : rowMajor
        return .tensor(
            try TensorValue(checking: type, shape: shape, strides: strides, offset: 0, storage: TensorStorage(bytes)))
    }
}

/// A little-endian number type of NumPy, from its pickled `dtype("f8", …)` with the state `(version, "<", …)`.
private struct NumPyType {
    let code: String

    init?(_ object: PythonObject) {
        guard object.type == PythonName("numpy", "dtype"), let code = object.arguments.first?.string,
            Self.sizes[code] != nil
        else { return nil }
        // The byte order is the state's second part; one-byte types say "|".
        guard let order = object.state?[1]?.string, order == "<" || order == "|" else { return nil }
        self.code = code
    }

    private static let sizes = [
        "f2": 2, "f4": 4, "f8": 8, "i1": 1, "i2": 2, "i4": 4, "i8": 8, "u1": 1, "u2": 2, "u4": 4, "u8": 8, "b1": 1,
    ]

    var size: Int { Self.sizes[code] ?? 0 }

    var tensorType: TensorValue.DType? {
        switch code {
        case "f2": .float16
        case "f4": .float32
        case "f8": .float64
        case "i1": .int8
        case "i2": .int16
        case "i4": .int32
        case "i8": .int64
        case "u1": .uint8
        case "b1": .bool
        default: nil  // PyTorch's storages have no unsigned numbers of several bytes
        }
    }

    /// The number in `size` bytes; `nil` for an unsigned one that does not fit.
    func number(_ bytes: [UInt8]) -> PickleValue? {
        var bits: UInt64 = 0
        for (index, byte) in bytes.enumerated() { bits |= UInt64(byte) << (8 * UInt64(index)) }
        return switch code {
        case "f2": .double(Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits))))
        case "f4": .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case "f8": .double(Double(bitPattern: bits))
        case "i1": .int(Int(Int8(truncatingIfNeeded: bits)))
        case "i2": .int(Int(Int16(truncatingIfNeeded: bits)))
        case "i4": .int(Int(Int32(truncatingIfNeeded: bits)))
        case "i8": .int(Int(Int64(truncatingIfNeeded: bits)))
        case "b1": .bool(bits != 0)
        default: Int(exactly: bits).map { .int($0) }
        }
    }
}
