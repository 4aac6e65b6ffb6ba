/// The classes and functions of Python that stand for plain data. This is the complete list of names with a meaning.
enum KnownName {
    case orderedDict, set, bytes, encode, path, windowsPath
    case size, tensor, tensorOfType, tensorWithAttributes, parameter
    case numPyScalar, numPyArray, numPyBuffer

    init?(_ name: PythonName) {
        switch (name.module, name.name) {
        case ("collections", "OrderedDict"): self = .orderedDict
        case ("builtins", "set"), ("builtins", "frozenset"): self = .set
        case ("builtins", "bytes"), ("builtins", "bytearray"): self = .bytes
        case ("_codecs", "encode"): self = .encode
        case ("pathlib", "PosixPath"), ("pathlib", "PurePosixPath"), ("pathlib._local", "PosixPath"): self = .path
        case ("pathlib", "WindowsPath"), ("pathlib", "PureWindowsPath"), ("pathlib._local", "WindowsPath"):
            self = .windowsPath
        case ("torch", "Size"): self = .size
        case ("torch._utils", "_rebuild_tensor_v2"): self = .tensor
        case ("torch._utils", "_rebuild_tensor_v3"): self = .tensorOfType
        case ("torch._tensor", "_rebuild_from_type_v2"): self = .tensorWithAttributes
        case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"): self = .parameter
        case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"): self = .numPyScalar
        case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"): self = .numPyArray
        case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"): self = .numPyBuffer
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
        case .path: try path(object, separator: "/")
        case .windowsPath: try path(object, separator: "\\")
        case .size: .tuple(try elements(object))
        case .tensor: .tensor(try tensor(object))
        case .tensorOfType: .tensor(try tensorOfType(object))
        case .tensorWithAttributes: try tensorWithAttributes(object)
        case .parameter: .tensor(try parameter(object))
        case .numPyScalar: try numPyScalar(object)
        case .numPyArray: try numPyArray(object)
        case .numPyBuffer: try numPyBuffer(object)
        }
    }

    // MARK: Python

    /// The state is left out: `state_dict()` keeps versions of its modules there, which say nothing about the tensors.
    private mutating func orderedDict(_ object: PythonObject) throws(Defect) -> PickleValue {
        var dictionary = object.dictionaryItems
        if !object.arguments.isEmpty {
            // Python 2 hands the entries over as a list of pairs.
            var entries: [(PickleValue, PickleValue)] = []
            for element in try elements(object) {
                guard let pair = element.list, pair.count == 2 else { throw Self.wrongArguments(object) }
                try countHashed(pair[0])
                entries.append((pair[0], pair[1]))
            }
            dictionary = PickleDictionary(entries + dictionary.entries.map { ($0.key, $0.value) })
        }
        dictionary.isOrderedDict = true
        return .dictionary(dictionary)
    }

    /// A path is a string here, as YOLOv5's options hold both. Python pickles its parts: `("/", "data", "x.yaml")`.
    private mutating func path(_ object: PythonObject, separator: String) throws(Defect) -> PickleValue? {
        var path = ""
        for argument in object.arguments {
            guard case .string(let part) = argument else { return nil }
            try countEncoded(part.utf8.count + 1)
            if !path.isEmpty, path.utf8.last != separator.utf8.first { path += separator }
            path += part
        }
        return .string(path.isEmpty ? "." : path)
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

    /// A storage as the one-dimensional tensor of all of its elements; they are bytes where it does not tell their type.
    /// - Parameter identifier: `("storage", torch.HalfStorage, key, device, elements)`
    mutating func wholeStorage(_ identifier: PickleValue) throws(Defect) -> TensorValue {
        guard case .tuple(let parts) = identifier, parts.count == 5, case .string("storage") = parts[0],
            case .global(let type) = parts[1], case .string(let key) = parts[2], let count = parts[4].int, count >= 0
        else { throw .malformed("a storage of a tensor is described in an unknown way") }
        let isUntyped = type == PythonName("torch.storage", "UntypedStorage") || type == PythonName("torch", "UntypedStorage")
        let known = TensorValue.DType.allCases.first { type == PythonName("torch", $0.storageClass) }
        guard let dtype = isUntyped ? .uint8 : known else {
            throw .unsupported("it holds a tensor of \(type), a type that is not supported")
        }
        let (byteCount, overflows) = count.multipliedReportingOverflow(by: dtype.size)
        guard !overflows else { throw .malformed("a storage claims \(count) elements") }
        let storage = try storage(key, byteCount, isUntyped ? nil : dtype.size)
        countStorage(storage)
        return try TensorValue(checking: dtype, shape: [count], strides: [1], offset: 0, storage: storage)
    }

    /// `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, backward_hooks[, metadata])`
    private mutating func tensor(_ object: PythonObject) throws(Defect) -> TensorValue {
        guard let whole = object.arguments.first?.tensor else { throw Self.wrongArguments(object) }
        return try view(of: whole.storage, whole.dtype, object)
    }

    /// `_rebuild_tensor_v3(storage, offset, shape, strides, requires_grad, backward_hooks, dtype[, metadata])`, for types
    /// that came after the storages named after types.
    private mutating func tensorOfType(_ object: PythonObject) throws(Defect) -> TensorValue {
        guard object.arguments.count >= 7, let whole = object.arguments[0].tensor,
            case .global(let type) = object.arguments[6]
        else { throw Self.wrongArguments(object) }
        guard type.module == "torch", let dtype = TensorValue.DType(rawValue: type.name) else {
            throw .unsupported("it holds a tensor of \(type), a type that is not supported")
        }
        return try view(of: whole.storage, dtype, object)
    }

    private mutating func view(
        of storage: TensorStorage, _ dtype: TensorValue.DType, _ object: PythonObject
    ) throws(Defect) -> TensorValue {
        let arguments = object.arguments
        guard arguments.count >= 5, let offset = arguments[1].int, let shape = Self.integers(arguments[2]),
            let strides = Self.integers(arguments[3]), let requiresGradient = arguments[4].bool
        else { throw Self.wrongArguments(object) }
        let view = try TensorValue(
            checking: dtype, shape: shape, strides: strides, offset: offset, storage: storage,
            requiresGradient: requiresGradient)
        try countTensor(byteCount: view.byteCount)
        return view
    }

    /// `_rebuild_from_type_v2(function, type, arguments, state)`: a tensor with attributes of its own or of a class of its
    /// own, which are left out.
    private mutating func tensorWithAttributes(_ object: PythonObject) throws(Defect) -> PickleValue? {
        guard object.arguments.count == 4, case .global(let function) = object.arguments[0],
            case .tuple(let arguments) = object.arguments[2]
        else { throw Self.wrongArguments(object) }
        switch KnownName(function) {
        case .tensor: return .tensor(try tensor(PythonObject(function, construction: .call, arguments: arguments)))
        case .tensorOfType: return .tensor(try tensorOfType(PythonObject(function, construction: .call, arguments: arguments)))
        default: return nil
        }
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
