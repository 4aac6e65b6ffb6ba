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
    mutating func numPyArray(_ object: PythonObject) throws(Defect) -> PickleValue? {
        guard case .tuple(let state)? = object.state, state.count == 5, let isFortran = state[3].bool,
            case .bytes(let bytes) = state[4]
        else { return nil }
        return try numPyArray(bytes, shape: state[1], dtype: state[2], isFortran: isFortran)
    }

    /// `_frombuffer(bytes, dtype, shape, "C" or "F")`: the same from protocol 5 on.
    mutating func numPyBuffer(_ object: PythonObject) throws(Defect) -> PickleValue? {
        guard object.arguments.count == 4, case .string(let order) = object.arguments[3] else {
            throw Self.wrongArguments(object)
        }
        guard case .bytes(let bytes) = object.arguments[0], order == "C" || order == "F" else { return nil }
        return try numPyArray(bytes, shape: object.arguments[2], dtype: object.arguments[1], isFortran: order == "F")
    }

    private mutating func numPyArray(
        _ bytes: [UInt8], shape: PickleValue, dtype: PickleValue, isFortran: Bool
    ) throws(Defect) -> PickleValue? {
        guard let shape = Self.integers(shape), case .object(let dtype) = dtype, let type = NumPyType(dtype),
            let tensorType = type.tensorType
        else { return nil }
        // Before any copy: many arrays can be made of the same bytes.
        try countTensor(byteCount: bytes.count)
        guard bytes.count.isMultiple(of: type.size) else { throw .malformed("a NumPy array ends within a number") }
        let rowMajor = TensorValue.rowMajorStrides(isFortran ? shape.reversed() : shape)
        let strides = isFortran ? Array(rowMajor.reversed()) : rowMajor
        return .tensor(
            try TensorValue(
                checking: tensorType, shape: shape, strides: strides, offset: 0,
                storage: TensorStorage(type.littleEndian(bytes))))
    }
}

/// A number type of NumPy, from its pickled `dtype("f8", …)` with the state `(version, "<", …)`.
private struct NumPyType {
    let code: String
    let size: Int
    private let order: ByteOrder

    init?(_ object: PythonObject) {
        guard object.type == PythonName("numpy", "dtype"), let code = object.arguments.first?.string, code.utf8.count == 2,
            let size = Self.sizes[code]
        else { return nil }
        // The byte order is the state's second part; one-byte types say "|".
        switch object.state?[1]?.string {
        case "<"?, "|"?: order = .little
        case ">"?: order = .big
        default: return nil
        }
        self.code = code
        self.size = size
    }

    private static let sizes = [
        "f2": 2, "f4": 4, "f8": 8, "i1": 1, "i2": 2, "i4": 4, "i8": 8, "u1": 1, "u2": 2, "u4": 4, "u8": 8, "b1": 1,
    ]

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

    /// `bytes`, a whole number of elements, in this module's byte order.
    func littleEndian(_ bytes: [UInt8]) -> [UInt8] {
        order == .little ? bytes : withRawBytes(of: bytes) { ByteOrder.swapped($0, elementSize: size) }
    }

    /// The number in `size` bytes; `nil` for an unsigned one that does not fit.
    func number(_ bytes: [UInt8]) -> PickleValue? {
        var bits: UInt64 = 0
        for (index, byte) in littleEndian(bytes).enumerated() { bits |= UInt64(byte) << (8 * UInt64(index)) }
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
