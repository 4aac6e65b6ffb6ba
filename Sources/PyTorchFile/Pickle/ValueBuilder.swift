/// Turns a pickle's graph into values, giving a meaning to the few names that stand for plain data.
///
/// Nodes that are reached several times are turned once; a node that is reached from inside of itself becomes
/// `PickleValue.recursion`.
struct ValueBuilder {
    /// Finds the bytes of a storage by its key in the archive, and checks that they are as many as promised. The size of
    /// its elements is `nil` where the storage does not tell.
    typealias StorageLookup = (_ key: String, _ byteCount: Int, _ elementSize: Int?) throws(Defect) -> TensorStorage

    let graph: PickleGraph
    let storage: StorageLookup
    private var states: [State]
    /// The meaning of each class or function that was met, `nil` where it has none.
    private var meanings: [NodeID: KnownName?] = [:]
    private var work = Work()

    /// What was made so far of things that a small pickle can ask for again and again.
    private struct Work {
        var encodedBytes = 0
        var hashedBytes = 0
        var storages: Set<ObjectIdentifier> = []
        var storageBytes = 0
        var tensorBytes = 0
    }

    private enum State {
        case untouched
        case open
        /// `height` counts the containers on the longest way down.
        case done(PickleValue, height: Int)
    }

    static func value(of graph: PickleGraph, storage: @escaping StorageLookup) throws(Defect) -> PickleValue {
        var builder = ValueBuilder(graph, storage: storage)
        return try builder.value(graph.root, depth: 0).value
    }

    private init(_ graph: PickleGraph, storage: @escaping StorageLookup) {
        self.graph = graph
        self.storage = storage
        states = Array(repeating: .untouched, count: graph.nodes.count)
    }

    /// A node's value and its height. The depth bounds this function's recursion; the height bounds that of the value's
    /// release, which can be more where nodes are shared.
    private mutating func value(_ id: NodeID, depth: Int) throws(Defect) -> (value: PickleValue, height: Int) {
        switch states[Int(id)] {
        case .done(let value, let height): return (value, height)
        case .open: return (.recursion, 0)
        case .untouched: break
        }
        guard depth < Limits.nesting else { throw Self.tooDeep }
        states[Int(id)] = .open
        let (value, contentHeight) = try build(id, depth: depth + 1)
        guard contentHeight < Limits.nesting else { throw Self.tooDeep }
        states[Int(id)] = .done(value, height: contentHeight + 1)
        return (value, contentHeight + 1)
    }

    private static let tooDeep = Defect.unsupported("its values are nested deeper than \(Limits.nesting) levels")

    private mutating func build(_ id: NodeID, depth: Int) throws(Defect) -> (value: PickleValue, height: Int) {
        switch graph.nodes[Int(id)] {
        case .none: return (.none, 0)
        case .bool(let value): return (.bool(value), 0)
        case .int(let value): return (.int(value), 0)
        case .double(let value): return (.double(value), 0)
        case .string(let slice): return (.string(graph.text(slice)), 0)
        case .bytes(let slice): return (.bytes(Array(graph.bytes[slice.range])), 0)
        case .list(let contents):
            let (elements, height) = try values(graph.contents[Int(contents)], depth: depth)
            return (.list(elements), height)
        case .tuple(let ids):
            let (elements, height) = try values(ids, depth: depth)
            return (.tuple(elements), height)
        case .set(let contents):
            let (elements, height) = try values(graph.contents[Int(contents)], depth: depth)
            return (.set(elements), height)
        case .dictionary(let contents):
            let (entries, height) = try dictionary(graph.contents[Int(contents)], depth: depth)
            return (.dictionary(entries), height)
        case .global(let module, let name):
            return (.global(PythonName(Self.currentModule(graph.text(module)), graph.text(name))), 0)
        case .instance(let instance):
            return try value(of: instance, depth: depth)
        case .persistent(let id):
            let (identifier, height) = try value(id, depth: depth)
            return (.tensor(try wholeStorage(identifier)), height)
        }
    }

    private mutating func values(_ ids: [NodeID], depth: Int) throws(Defect) -> (values: [PickleValue], height: Int) {
        var result: [PickleValue] = []
        result.reserveCapacity(ids.count)
        var tallest = 0
        for id in ids {
            let (element, height) = try value(id, depth: depth)
            result.append(element)
            tallest = max(tallest, height)
        }
        return (result, tallest)
    }

    private mutating func dictionary(
        _ ids: [NodeID], depth: Int
    ) throws(Defect) -> (entries: PickleDictionary, height: Int) {
        guard !ids.isEmpty else { return (PickleDictionary(), 0) }
        let (flat, height) = try values(ids, depth: depth)
        for key in stride(from: 0, to: flat.count, by: 2) { try countHashed(flat[key]) }
        let entries = stride(from: 0, to: flat.count, by: 2).map { (flat[$0], flat[$0 + 1]) }
        return (PickleDictionary(entries), height)
    }

    private mutating func value(
        of instance: PickleInstance, depth: Int
    ) throws(Defect) -> (value: PickleValue, height: Int) {
        let (type, _) = try value(instance.type, depth: depth)
        let (arguments, argumentHeight) = try value(instance.arguments, depth: depth)
        // The machine made sure of both; a circle through the arguments leaves no tuple.
        guard case .global(let name) = type, case .tuple(let arguments) = arguments else {
            throw .malformed("the arguments of an object contain the object")
        }
        let (listItems, listHeight) = try values(contents(instance.listItems), depth: depth)
        let (dictionaryItems, dictionaryHeight) = try dictionary(contents(instance.dictionaryItems), depth: depth)
        var state: PickleValue?
        var height = max(argumentHeight, listHeight, dictionaryHeight)
        if let stateID = instance.state {
            let (stateValue, stateHeight) = try value(stateID, depth: depth)
            state = stateValue
            height = max(height, stateHeight)
        }
        let meaning = meaning(of: name, at: instance.type)
        // A model has thousands of these (its hooks), so they take the short way.
        if meaning == .orderedDict, arguments.isEmpty, dictionaryItems.isEmpty {
            return (.dictionary(PickleDictionary(isOrderedDict: true)), height)
        }
        let object = PythonObject(
            name, construction: instance.construction, arguments: arguments, state: state, listItems: listItems,
            dictionaryItems: dictionaryItems)
        guard let meaning, let known = try value(of: object, as: meaning) else { return (.object(object), height) }
        return (known, height)
    }

    private func contents(_ id: ContentsID?) -> [NodeID] { id.map { graph.contents[Int($0)] } ?? [] }

    private mutating func meaning(of name: PythonName, at id: NodeID) -> KnownName? {
        if let known = meanings[id] { return known }
        let meaning = KnownName(name)
        meanings.updateValue(meaning, forKey: id)
        return meaning
    }

    /// Python 3's name of a module that Python 2 called differently; protocol 2 writes the old names.
    private static func currentModule(_ name: String) -> String {
        switch name {
        case "__builtin__": "builtins"
        case "copy_reg": "copyreg"
        default: name
        }
    }
}

// MARK: Bounds

extension ValueBuilder {
    mutating func countEncoded(_ count: Int) throws(Defect) {
        work.encodedBytes += count
        guard work.encodedBytes <= Limits.encodedBytes else {
            throw .unsupported("its pickle holds more than \(Limits.encodedBytes) bytes of encoded text")
        }
    }

    mutating func countHashed(_ key: PickleValue) throws(Defect) {
        guard case .string(let key) = key else { return }
        work.hashedBytes += key.utf8.count
        guard work.hashedBytes <= Limits.hashedBytes else {
            throw .unsupported("its dictionaries have keys of more than \(Limits.hashedBytes) bytes")
        }
    }

    mutating func countStorage(_ storage: TensorStorage) {
        guard work.storages.insert(ObjectIdentifier(storage)).inserted else { return }
        work.storageBytes += storage.byteCount
    }

    /// - Parameter byteCount: bytes of a view into a counted storage, or of an array that has a storage of its own.
    mutating func countTensor(byteCount: Int) throws(Defect) {
        let (sum, overflows) = work.tensorBytes.addingReportingOverflow(byteCount)
        work.tensorBytes = sum
        guard !overflows, sum <= Limits.tensorBytes(storageBytes: work.storageBytes) else {
            throw .unsupported("its tensors overlap and take more than \(Limits.tensorsPerStorage) times what is stored")
        }
    }
}
