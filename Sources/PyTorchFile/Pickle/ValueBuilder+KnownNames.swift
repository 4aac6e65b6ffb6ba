/// The classes and functions of Python that stand for plain data. This is the complete list of names with a meaning.
enum KnownName {
    case orderedDict, set, bytes, encode, size, tensor, parameter, numPyScalar, numPyArray

    init?(_ name: PythonName) {
        switch (name.module, name.name) {
        case ("collections", "OrderedDict"): self = .orderedDict
        case ("builtins", "set"), ("builtins", "frozenset"): self = .set
        case ("builtins", "bytes"), ("builtins", "bytearray"): self = .bytes
        case ("_codecs", "encode"): self = .encode
        case ("torch", "Size"): self = .size
        case ("torch._utils", "_rebuild_tensor_v2"): self = .tensor
        case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"): self = .parameter
        case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"): self = .numPyScalar
        case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"): self = .numPyArray
        default: return nil
        }
    }
}

extension ValueBuilder {
    /// The plain value that an object of a known class stands for; `nil` for NumPy's types that have no counterpart here.
    mutating func value(of object: PythonObject, as name: KnownName) throws(Defect) -> PickleValue? {
        switch name {
        case .orderedDict: try orderedDict(object)
        case .set: .set(try elements(object))
        case .bytes: try byteString(object)
        case .encode: .bytes(try encodedText(object))
        case .size: .tuple(try elements(object))
        case .tensor: .tensor(try tensor(object))
        case .parameter: .tensor(try parameter(object))
        case .numPyScalar: try numPyScalar(object)
        case .numPyArray: try numPyArray(object)
        }
    }

    // MARK: Python

    /// The state is left out: `state_dict()` keeps versions of its modules there, which say nothing about the tensors.
    private func orderedDict(_ object: PythonObject) throws(Defect) -> PickleValue {
        guard object.arguments.isEmpty else { throw Self.wrongArguments(object) }
        var dictionary = object.dictionaryItems
        dictionary.isOrderedDict = true
        return .dictionary(dictionary)
    }

    private func elements(_ object: PythonObject) throws(Defect) -> [PickleValue] {
        if object.arguments.isEmpty { return [] }
        guard object.arguments.count == 1, let elements = object.arguments[0].list else {
            throw Self.wrongArguments(object)
        }
        return elements
    }

    private func byteString(_ object: PythonObject) throws(Defect) -> PickleValue {
        switch object.arguments.first {
        case nil: return .bytes([])
        case .bytes(let bytes)?: return .bytes(bytes)
        default: throw Self.wrongArguments(object)
        }
    }

    /// Protocol 2 has no byte strings: they are text with a character a byte, and a call that turns it back.
    private mutating func encodedText(_ object: PythonObject) throws(Defect) -> [UInt8] {
        guard object.arguments.count == 2, case .string(let text) = object.arguments[0],
            case .string("latin1") = object.arguments[1]
        else { throw Self.wrongArguments(object) }
        try countEncoded(text.utf8.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for character in text.unicodeScalars {
            guard let byte = UInt8(exactly: character.value) else { throw Self.wrongArguments(object) }
            bytes.append(byte)
        }
        return bytes
    }

    // MARK: PyTorch

    /// A storage as the one-dimensional tensor of all of its elements.
    /// - Parameter identifier: `("storage", torch.HalfStorage, key, device, elements)`
    func wholeStorage(_ identifier: PickleValue) throws(Defect) -> TensorValue {
        guard case .tuple(let parts) = identifier, parts.count == 5, case .string("storage") = parts[0],
            case .global(let type) = parts[1], case .string(let key) = parts[2], let count = parts[4].int, count >= 0
        else { throw .malformed("a storage of a tensor is described in an unknown way") }
        guard let dtype = TensorValue.DType.allCases.first(where: { $0.storageClass == type.name }), type.module == "torch"
        else { throw .unsupported("it holds a tensor of \(type), a type that is not supported") }
        let (byteCount, overflows) = count.multipliedReportingOverflow(by: dtype.size)
        guard !overflows else { throw .malformed("a storage claims \(count) elements") }
        return try TensorValue(
            checking: dtype, shape: [count], strides: [1], offset: 0, storage: try storage(key, byteCount))
    }

    /// `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, backward_hooks[, metadata])`
    private func tensor(_ object: PythonObject) throws(Defect) -> TensorValue {
        let arguments = object.arguments
        guard arguments.count >= 5, let whole = arguments[0].tensor, let offset = arguments[1].int,
            let shape = Self.integers(arguments[2]), let strides = Self.integers(arguments[3]),
            let requiresGradient = arguments[4].bool
        else { throw Self.wrongArguments(object) }
        return try TensorValue(
            checking: whole.dtype, shape: shape, strides: strides, offset: offset, storage: whole.storage,
            requiresGradient: requiresGradient)
    }

    /// `_rebuild_parameter(tensor, requires_grad, backward_hooks[, state])`
    private func parameter(_ object: PythonObject) throws(Defect) -> TensorValue {
        guard object.arguments.count >= 2, let tensor = object.arguments[0].tensor,
            let requiresGradient = object.arguments[1].bool
        else { throw Self.wrongArguments(object) }
        return tensor.asParameter(requiresGradient: requiresGradient)
    }

    // MARK: Parts

    static func integers(_ value: PickleValue) -> [Int]? {
        guard let elements = value.list, elements.count <= Limits.dimensions else { return nil }
        let integers = elements.compactMap(\.int)
        return integers.count == elements.count ? integers : nil
    }

    static func wrongArguments(_ object: PythonObject) -> Defect {
        let kinds = object.arguments.prefix(8).map(\.kind).joined(separator: ", ")
        return .malformed("\(object.type) is given the wrong arguments (\(kinds))")
    }
}
