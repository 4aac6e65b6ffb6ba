/// Writes values as a pickle of protocol 2, in the words that `torch.load(…, weights_only=True)` accepts.
///
/// Tensors leave a reference in the pickle; their storages are collected for the archive.
struct PickleEncoder {
    /// A storage and the type its tensors see in it; a storage seen as two types is written twice.
    struct Storage {
        let key: String
        let dtype: TensorValue.DType
        let storage: TensorStorage
    }

    private(set) var bytes: [UInt8] = []
    /// Storages in the order in which they are first used.
    private(set) var storages: [Storage] = []

    private var memoCount = 0
    /// Bytes of all texts so far, each time that one comes.
    private var hashedBytes = 0
    private var strings: [PythonString: Int] = [:]
    private var names: [PythonName: Int] = [:]
    private var objects: [ObjectIdentifier: Int] = [:]
    private var storageMemo: [StorageIdentity: Int] = [:]
    private var storageBytes = 0
    private var tensorBytes = 0

    private struct StorageIdentity: Hashable {
        let storage: ObjectIdentifier
        let dtype: TensorValue.DType
    }

    static func encode(_ value: PickleValue) throws(Defect) -> PickleEncoder {
        var encoder = PickleEncoder()
        encoder.put(.proto)
        encoder.bytes.append(2)
        try encoder.encode(value, depth: 0)
        encoder.put(.stop)
        return encoder
    }

    private mutating func encode(_ value: PickleValue, depth: Int) throws(Defect) {
        guard depth < Limits.nesting else {
            throw .unsupported("the values are nested deeper than \(Limits.nesting) levels")
        }
        guard bytes.count < Limits.pickleBytes else {
            throw .unsupported("the pickle would take more than \(Limits.pickleBytes) bytes")
        }
        switch value {
        case .none: put(.none)
        case .bool(let value): put(value ? .newTrue : .newFalse)
        case .int(let value): encode(value)
        case .double(let value):
            put(.binFloat)
            bytes.put(value.bitPattern.byteSwapped)
        case .string(let string): try encode(string)
        case .bytes(let data): try encode(data, depth: depth)
        case .list(let elements): try encodeList(elements, depth: depth)
        case .tuple(let elements): try encodeTuple(elements, depth: depth)
        case .set(let elements):
            try encodeCall(PythonName("builtins", "set"), [.list(elements)], depth: depth)
        case .dictionary(let dictionary):
            if dictionary.isOrderedDict {
                try encodeCall(Self.orderedDict, [], depth: depth)
            } else {
                put(.emptyDict)
            }
            try encodeItems(dictionary, depth: depth)
        case .tensor(let tensor): try encode(tensor, depth: depth)
        case .object(let object): try encode(object, depth: depth)
        case .global(let name): try encode(name)
        case .recursion: throw .unsupported("an object that contains itself cannot be written")
        }
    }

    // MARK: Plain values

    private mutating func encode(_ value: Int) {
        switch value {
        case 0..<0x100:
            put(.binInt1)
            bytes.append(UInt8(value))
        case 0..<0x1_0000:
            put(.binInt2)
            bytes.put(UInt16(value))
        case Int(Int32.min)...Int(Int32.max):
            put(.binInt)
            bytes.put(UInt32(bitPattern: Int32(value)))
        default:
            put(.long1)
            bytes.append(8)
            bytes.put(UInt64(bitPattern: Int64(value)))
        }
    }

    private mutating func encode(_ string: String) throws(Defect) {
        let utf8 = string.utf8
        // One text of a hostile file can be in millions of places, and each of them takes it through the hash.
        hashedBytes += utf8.count
        guard hashedBytes <= 4 * Limits.hashedBytes else { throw .unsupported("its texts are too many or too long") }
        if let index = strings[PythonString(string)] { return recall(index) }
        guard utf8.count <= Limits.pickleBytes else {
            throw .unsupported("a string takes more than \(Limits.pickleBytes) bytes")
        }
        put(.binUnicode)
        bytes.put(UInt32(utf8.count))
        bytes.append(contentsOf: utf8)
        strings[PythonString(string)] = memoize()
    }

    /// Protocol 2 has no byte strings: they are text with a character a byte, and a call that turns it back.
    private mutating func encode(_ data: [UInt8], depth: Int) throws(Defect) {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: data.lazy.map { Unicode.Scalar($0) })
        try encodeCall(PythonName("_codecs", "encode"), [.string(String(text)), "latin1"], depth: depth)
    }

    private mutating func encodeList(_ elements: [PickleValue], depth: Int) throws(Defect) {
        put(.emptyList)
        try encodeAppended(elements, depth: depth)
    }

    private mutating func encodeAppended(_ elements: [PickleValue], depth: Int) throws(Defect) {
        guard !elements.isEmpty else { return }
        put(.mark)
        for element in elements { try encode(element, depth: depth + 1) }
        put(.appends)
    }

    private mutating func encodeTuple(_ elements: [PickleValue], depth: Int) throws(Defect) {
        guard !elements.isEmpty else { return put(.emptyTuple) }
        if elements.count > 3 { put(.mark) }
        for element in elements { try encode(element, depth: depth + 1) }
        switch elements.count {
        case 1: put(.tuple1)
        case 2: put(.tuple2)
        case 3: put(.tuple3)
        default: put(.tuple)
        }
    }

    private mutating func encodeItems(_ dictionary: PickleDictionary, depth: Int) throws(Defect) {
        guard !dictionary.isEmpty else { return }
        put(.mark)
        for (key, value) in dictionary.entries {
            try encode(key, depth: depth + 1)
            try encode(value, depth: depth + 1)
        }
        put(.setItems)
    }

    // MARK: Objects

    private mutating func encode(_ name: PythonName) throws(Defect) {
        if let index = names[name] { return recall(index) }
        guard !(name.module + name.name).utf8.contains(UInt8(ascii: "\n")) else {
            throw .unsupported("the class name '\(name)' holds a line feed")
        }
        guard name.module.utf8.count <= Limits.nameBytes, name.name.utf8.count <= Limits.nameBytes else {
            throw .unsupported("a class name is longer than \(Limits.nameBytes) bytes")
        }
        put(.global)
        bytes.append(contentsOf: "\(name.module)\n\(name.name)\n".utf8)
        names[name] = memoize()
    }

    private mutating func encodeCall(_ name: PythonName, _ arguments: [PickleValue], depth: Int) throws(Defect) {
        try encode(name)
        try encodeTuple(arguments, depth: depth)
        put(.reduce)
    }

    private mutating func encode(_ object: PythonObject, depth: Int) throws(Defect) {
        let identity = ObjectIdentifier(object)
        if let index = objects[identity] { return recall(index) }
        try encode(object.type)
        try encodeTuple(object.arguments, depth: depth)
        put(object.construction == .new ? .newObj : .reduce)
        objects[identity] = memoize()
        try encodeAppended(object.listItems, depth: depth)
        try encodeItems(object.dictionaryItems, depth: depth)
        if let state = object.state {
            try encode(state, depth: depth + 1)
            put(.build)
        }
    }

    // MARK: Tensors

    private mutating func encode(_ tensor: TensorValue, depth: Int) throws(Defect) {
        let hooks = PickleValue.dictionary(PickleDictionary(isOrderedDict: true))
        if tensor.isParameter { try encode(PythonName("torch._utils", "_rebuild_parameter")) }
        try encode(PythonName("torch._utils", "_rebuild_tensor_v2"))
        put(.mark)
        try encodeStorage(of: tensor)
        // The reader's bound, so that whatever is written can be read.
        tensorBytes += tensor.byteCount
        guard tensorBytes <= Limits.tensorBytes(storageBytes: storageBytes) else {
            throw .unsupported("the tensors overlap and take more than \(Limits.tensorsPerStorage) times what is stored")
        }
        encode(tensor.offset)
        try encodeTuple(tensor.shape.map { .int($0) }, depth: depth)
        try encodeTuple(tensor.strides.map { .int($0) }, depth: depth)
        // Inside of a parameter the tensor itself is plain data.
        put(tensor.requiresGradient && !tensor.isParameter ? .newTrue : .newFalse)
        try encode(hooks, depth: depth)
        put(.tuple)
        put(.reduce)
        if tensor.isParameter {
            put(tensor.requiresGradient ? .newTrue : .newFalse)
            try encode(hooks, depth: depth)
            put(.tuple3)
            put(.reduce)
        }
    }

    private mutating func encodeStorage(of tensor: TensorValue) throws(Defect) {
        let identity = StorageIdentity(storage: ObjectIdentifier(tensor.storage), dtype: tensor.dtype)
        if let index = storageMemo[identity] {
            recall(index)
        } else {
            let key = String(storages.count)
            let count = tensor.storage.byteCount / tensor.dtype.size
            guard count * tensor.dtype.size == tensor.storage.byteCount else {
                throw .unsupported("a storage of \(tensor.storage.byteCount) bytes cannot hold \(tensor.dtype) alone")
            }
            let type = PythonName("torch", tensor.dtype.storageClass)
            put(.mark)
            for part in ["storage", .global(type), .string(key), "cpu", .int(count)] as [PickleValue] {
                try encode(part, depth: 0)
            }
            put(.tuple)
            storageMemo[identity] = memoize()
            storages.append(Storage(key: key, dtype: tensor.dtype, storage: tensor.storage))
            storageBytes += tensor.storage.byteCount
        }
        put(.binPersID)
    }

    // MARK: Instructions

    private static let orderedDict = PythonName("collections", "OrderedDict")

    private mutating func put(_ opcode: PickleOpcode) {
        bytes.append(opcode.rawValue)
    }

    /// Gives the last value a number by which it can be recalled.
    private mutating func memoize() -> Int {
        defer { memoCount += 1 }
        if memoCount < 0x100 {
            put(.binPut)
            bytes.append(UInt8(memoCount))
        } else {
            put(.longBinPut)
            bytes.put(UInt32(memoCount))
        }
        return memoCount
    }

    private mutating func recall(_ index: Int) {
        if index < 0x100 {
            put(.binGet)
            bytes.append(UInt8(index))
        } else {
            put(.longBinGet)
            bytes.put(UInt32(index))
        }
    }
}
