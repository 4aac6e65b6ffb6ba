/// The tensors of a model by name, in the order of PyTorch's `state_dict()`.
///
///     let weights = try StateDictionary(file.root["model"], named: "model")
///     for (name, tensor) in weights.entries { … }          // ("model.0.conv.weight", …), …
///
/// Made from a pickled `torch.nn.Module` (its parameters, then its persistent buffers, then its children, each in the
/// order of registration), or from a dictionary of tensors as `torch.save(model.state_dict())` leaves it.
public struct StateDictionary: Sendable {
    public typealias Entry = (name: String, tensor: TensorValue)

    public private(set) var entries: [Entry] = []
    private var positions: [PythonString: Int] = [:]
    private var work = Work()

    /// What a walk has done so far. A hostile file can make a small module stand in very many places.
    private struct Work {
        var modules = 0
        var entries = 0
        var storages: Set<ObjectIdentifier> = []
        var storageBytes = 0
        var tensorBytes = 0
    }

    /// - Parameters:
    ///   - value: a module or a dictionary of tensors; `nil` is an error as well, so that a lookup can be passed on.
    ///   - name: what to call `value` in errors, for example its key in the checkpoint.
    public init(_ value: PickleValue?, named name: String) throws(PyTorchFileError) {
        switch value {
        case .dictionary(let dictionary)?: try addTensors(of: dictionary, prefix: "", owner: name)
        case .object(let module)?: try addModule(module, prefix: "", owner: name)
        default: throw .unexpectedValue(name: name, found: value?.kind ?? "missing", expected: "a model")
        }
    }

    /// Tensors from elsewhere, in this order.
    public init(_ tensors: some Sequence<Entry>, named name: String) throws(PyTorchFileError) {
        for (tensorName, tensor) in tensors {
            try add(try Self.name(.string(tensorName), after: "", owner: name), tensor, owner: name)
        }
    }

    public subscript(name: String) -> TensorValue? {
        positions[PythonString(name)].map { entries[$0].tensor }
    }

    public var count: Int { entries.count }

    // MARK: Walk

    /// Source: PyTorch, `Module.state_dict` and `Module._save_to_state_dict`.
    private mutating func addModule(_ module: PythonObject, prefix: String, owner: String) throws(PyTorchFileError) {
        work.modules += 1
        guard work.modules <= Limits.modules else {
            throw .unexpectedValue(name: owner, found: "one of more than \(Limits.modules) modules", expected: "fewer")
        }
        let parameters = try Self.attribute("_parameters", of: module, owner: owner)
        let buffers = try Self.attribute("_buffers", of: module, owner: owner)
        let children = try Self.attribute("_modules", of: module, owner: owner)
        // PyTorch before 1.6 has no such set: all buffers were saved.
        var transient: [PickleValue] = []
        if !buffers.isEmpty, case .set(let names)? = module["_non_persistent_buffers_set"] { transient = names }
        try count(parameters.count + buffers.count + children.count + transient.count, owner: owner)
        try addTensors(of: parameters, prefix: prefix, owner: owner)
        try addTensors(of: buffers, prefix: prefix, owner: owner, except: Self.names(transient))
        for (key, child) in children.entries where !child.isNone {
            let name = try Self.name(key, after: prefix, owner: owner)
            guard case .object(let child) = child else {
                throw .unexpectedValue(name: name, found: child.kind, expected: "a module")
            }
            try addModule(child, prefix: name + ".", owner: name)
        }
    }

    private mutating func addTensors(
        of dictionary: PickleDictionary, prefix: String, owner: String, except left: Set<PythonString> = []
    ) throws(PyTorchFileError) {
        for (key, value) in dictionary.entries where !value.isNone {
            if !left.isEmpty, let key = key.string, left.contains(PythonString(key)) { continue }
            let name = try Self.name(key, after: prefix, owner: owner)
            guard case .tensor(let tensor) = value else {
                throw .unexpectedValue(name: name, found: value.kind, expected: "a tensor")
            }
            try add(name, tensor, owner: owner)
        }
    }

    private mutating func add(_ name: String, _ tensor: TensorValue, owner: String) throws(PyTorchFileError) {
        guard entries.count < Limits.stateEntries else {
            throw .unexpectedValue(
                name: owner, found: "a model of more than \(Limits.stateEntries) tensors", expected: "fewer")
        }
        guard positions.updateValue(entries.count, forKey: PythonString(name)) == nil else {
            throw .unexpectedValue(name: name, found: "a name of two tensors", expected: "one")
        }
        if work.storages.insert(ObjectIdentifier(tensor.storage)).inserted { work.storageBytes += tensor.storage.byteCount }
        work.tensorBytes += tensor.byteCount
        guard work.tensorBytes <= Limits.tensorBytes(storageBytes: work.storageBytes) else {
            throw .unexpectedValue(
                name: owner, found: "a model whose tensors take \(work.tensorBytes) bytes, from \(work.storageBytes) stored ones",
                expected: "fewer")
        }
        entries.append((name, tensor))
    }

    private mutating func count(_ entries: Int, owner: String) throws(PyTorchFileError) {
        work.entries += entries
        guard work.entries <= Limits.walkedEntries else {
            throw .unexpectedValue(
                name: owner, found: "a model that lists more than \(Limits.walkedEntries) entries", expected: "fewer")
        }
    }

    /// The strings among `values`; longer ones than a name can be are left out unread.
    private static func names(_ values: [PickleValue]) -> Set<PythonString> {
        Set(values.compactMap(\.string).filter { $0.utf8.count <= Limits.nameBytes }.map { PythonString($0) })
    }

    private static func attribute(
        _ name: String, of module: PythonObject, owner: String
    ) throws(PyTorchFileError) -> PickleDictionary {
        guard let dictionary = module[name]?.dictionary else {
            throw .unexpectedValue(name: owner, found: "an object of \(module.type)", expected: "a module of PyTorch")
        }
        return dictionary
    }

    private static func name(_ key: PickleValue, after prefix: String, owner: String) throws(PyTorchFileError) -> String {
        guard case .string(let name) = key else {
            throw .unexpectedValue(name: owner, found: "a dictionary with \(key.kind) as a key", expected: "names as keys")
        }
        guard prefix.utf8.count + name.utf8.count <= Limits.nameBytes else {
            throw .unexpectedValue(
                name: owner, found: "a model with a name of more than \(Limits.nameBytes) bytes", expected: "shorter names")
        }
        return prefix + name
    }
}
