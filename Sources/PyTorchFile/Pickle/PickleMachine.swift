/// Runs the stack machine of a pickle far enough to know what it describes, and no further.
///
/// An instruction that would import or call something only records the name and the arguments, so nothing in a file can
/// execute. Time and memory are proportional to the pickle's size, which is bounded.
///
/// Source: PEP 307, PEP 3154, PEP 574; the protocols 2 to 5 of CPython's `pickle` module.
struct PickleMachine {
    private var reader: ByteReader
    private let bytes: UnsafeRawBufferPointer
    private var nodes: [PickleNode] = [.none, .bool(true), .bool(false), .tuple([])]
    private var contents: [[NodeID]] = []
    private var stack: [NodeID] = []
    /// Heights of the stack at which a MARK was set.
    private var marks: [Int] = []
    /// Nodes by memo number; `unset` where there is none.
    private var memo: [NodeID] = []
    private var memoCount = 0
    /// Bytes of the names of classes and functions so far.
    private var globalBytes = 0

    private static let noneNode: NodeID = 0
    private static let trueNode: NodeID = 1
    private static let falseNode: NodeID = 2
    private static let emptyTupleNode: NodeID = 3
    private static let unset: NodeID = -1

    static func run(_ bytes: UnsafeRawBufferPointer) throws(Defect) -> PickleGraph {
        guard bytes.count <= Limits.pickleBytes else {
            throw .unsupported("its pickle takes \(bytes.count) bytes, more than \(Limits.pickleBytes)")
        }
        var machine = PickleMachine(bytes)
        return try machine.run()
    }

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        reader = ByteReader(bytes, subject: "the pickle")
    }

    private mutating func run() throws(Defect) -> PickleGraph {
        for _ in 0..<Limits.instructions {
            let code = try reader.read(UInt8.self)
            guard let opcode = PickleOpcode(rawValue: code) else {
                throw malformed("there is no instruction \(code)")
            }
            if opcode == .stop {
                let root = try pop()
                return PickleGraph(nodes: nodes, contents: contents, root: root, bytes: bytes)
            }
            try execute(opcode)
        }
        throw .unsupported("its pickle holds more than \(Limits.instructions) instructions")
    }

    private mutating func execute(_ opcode: PickleOpcode) throws(Defect) {
        switch opcode {
        case .none: stack.append(Self.noneNode)
        case .newTrue: stack.append(Self.trueNode)
        case .newFalse: stack.append(Self.falseNode)
        case .binInt: try push(.int(Int(try reader.read(Int32.self))))
        case .binInt1: try push(.int(Int(try reader.read(UInt8.self))))
        case .binInt2: try push(.int(Int(try reader.read(UInt16.self))))
        case .long1: try pushInteger(byteCount: try reader.readCount(UInt8.self))
        case .long4: try pushInteger(byteCount: try reader.readCount(UInt32.self))
        case .binFloat: try push(.double(Double(bitPattern: try reader.read(UInt64.self).byteSwapped)))

        case .binUnicode, .binString: try push(.string(try takeSlice(UInt32.self)))
        case .shortBinUnicode, .shortBinString: try push(.string(try takeSlice(UInt8.self)))
        case .binUnicode8: try push(.string(try takeSlice(UInt64.self)))
        case .binBytes: try push(.bytes(try takeSlice(UInt32.self)))
        case .shortBinBytes: try push(.bytes(try takeSlice(UInt8.self)))
        case .binBytes8, .byteArray8: try push(.bytes(try takeSlice(UInt64.self)))

        case .mark: marks.append(stack.count)
        case .emptyList: try push(.list(makeContents([])))
        case .append: try extend(try pop(1))
        case .appends, .addItems: try extend(try popToMark())
        case .emptyTuple: stack.append(Self.emptyTupleNode)
        case .tuple: try push(.tuple(try popToMark()))
        case .tuple1: try push(.tuple(try pop(1)))
        case .tuple2: try push(.tuple(try pop(2)))
        case .tuple3: try push(.tuple(try pop(3)))
        case .emptyDict: try push(.dictionary(makeContents([])))
        case .setItem: try setItems(try pop(2))
        case .setItems: try setItems(try popToMark())
        case .emptySet: try push(.set(makeContents([])))
        case .frozenSet: try push(.set(makeContents(try popToMark())))

        case .global:
            let module = PickleSlice(try reader.takeLine())
            try pushGlobal(module, PickleSlice(try reader.takeLine()))
        case .stackGlobal: try pushStackGlobal()
        case .reduce: try makeInstance(.call)
        case .newObj: try makeInstance(.new)
        case .build: try build()
        case .binPersID: try push(.persistent(try pop()))

        case .binPut: try memoize(at: try reader.readCount(UInt8.self))
        case .longBinPut: try memoize(at: try reader.readCount(UInt32.self))
        case .memoize: try memoize(at: memoCount)
        case .binGet: try recall(try reader.readCount(UInt8.self))
        case .longBinGet: try recall(try reader.readCount(UInt32.self))
        case .pop: try dropTop()
        case .popMark: _ = try popToMark()
        case .dup: stack.append(try top())
        case .proto: try checkProtocol()
        case .frame: try reader.skip(8)  // a hint for buffering

        case .int, .long, .float, .string, .unicode, .persID, .get, .put, .list, .dict, .inst, .obj, .ext1, .ext2, .ext4,
            .newObjEx, .nextBuffer, .readOnlyBuffer:
            let name = "\(opcode)".uppercased()
            throw .unsupported(
                "its pickle uses the instruction \(name) at byte \(reader.position - 1), which PyTorch never writes")
        case .stop: preconditionFailure("STOP ends run()")
        }
    }

    // MARK: Values

    private mutating func push(_ node: PickleNode) throws(Defect) {
        guard nodes.count < Limits.values else {
            throw .unsupported("its pickle holds more than \(Limits.values) values")
        }
        stack.append(NodeID(nodes.count))
        nodes.append(node)
    }

    /// Two's complement, little-endian, as many bytes as the number needs.
    private mutating func pushInteger(byteCount: Int) throws(Defect) {
        let range = try reader.take(byteCount)
        guard byteCount <= 8 else {
            throw .unsupported("its pickle holds an integer of \(byteCount) bytes at byte \(range.lowerBound), more than 8")
        }
        var number: UInt64 = 0
        for (index, byte) in bytes[range].enumerated() { number |= UInt64(byte) << (8 * UInt64(index)) }
        let unused = UInt64(64 - 8 * byteCount)
        try push(.int(byteCount == 0 ? 0 : Int(Int64(bitPattern: number << unused) >> Int64(unused))))
    }

    private mutating func takeSlice<Count: FixedWidthInteger & UnsignedInteger>(
        _ type: Count.Type
    ) throws(Defect) -> PickleSlice {
        PickleSlice(try reader.take(try reader.readCount(type)))
    }

    private mutating func pushStackGlobal() throws(Defect) {
        let (nameNode, moduleNode) = (try pop(), try pop())
        guard case .string(let module) = nodes[Int(moduleNode)], case .string(let name) = nodes[Int(nameNode)] else {
            throw malformed("a class name is no string")
        }
        try pushGlobal(module, name)
    }

    private mutating func pushGlobal(_ module: PickleSlice, _ name: PickleSlice) throws(Defect) {
        guard module.range.count <= Limits.nameBytes, name.range.count <= Limits.nameBytes else {
            throw malformed("a class name is longer than \(Limits.nameBytes) bytes")
        }
        globalBytes += module.range.count + name.range.count
        guard globalBytes <= Limits.globalBytes else {
            throw .unsupported("its pickle names classes in more than \(Limits.globalBytes) bytes")
        }
        try push(.global(module: module, name: name))
    }

    private mutating func checkProtocol() throws(Defect) {
        let version = try reader.read(UInt8.self)
        guard (2...5).contains(version) else {
            throw .unsupported("its pickle has protocol \(version); PyTorch writes 2, and 3 to 5 are read as well")
        }
    }

    // MARK: Containers and objects, changed in place

    private mutating func makeContents(_ items: [NodeID]) -> ContentsID {
        contents.append(items)
        return ContentsID(contents.count - 1)
    }

    private mutating func extend(_ items: [NodeID]) throws(Defect) {
        let target = Int(try top())
        switch nodes[target] {
        case .list(let id), .set(let id): contents[Int(id)] += items
        case .instance(var instance):
            if let id = instance.listItems {
                contents[Int(id)] += items
            } else {
                instance.listItems = makeContents(items)
                nodes[target] = .instance(instance)
            }
        default: throw malformed("an element is appended to \(nodes[target].kind)")
        }
    }

    private mutating func setItems(_ items: [NodeID]) throws(Defect) {
        let target = Int(try top())
        guard items.count.isMultiple(of: 2) else { throw malformed("a dictionary's key has no value") }
        switch nodes[target] {
        case .dictionary(let id): contents[Int(id)] += items
        case .instance(var instance):
            if let id = instance.dictionaryItems {
                contents[Int(id)] += items
            } else {
                instance.dictionaryItems = makeContents(items)
                nodes[target] = .instance(instance)
            }
        default: throw malformed("a key is set in \(nodes[target].kind)")
        }
    }

    private mutating func makeInstance(_ construction: PythonObject.Construction) throws(Defect) {
        let arguments = try pop()
        let type = try pop()
        guard case .global = nodes[Int(type)] else {
            throw malformed("\(nodes[Int(type)].kind) is used as a class or function")
        }
        guard case .tuple = nodes[Int(arguments)] else {
            throw malformed("arguments are \(nodes[Int(arguments)].kind), not a tuple")
        }
        try push(.instance(PickleInstance(type: type, construction: construction, arguments: arguments)))
    }

    private mutating func build() throws(Defect) {
        let state = try pop()
        let target = Int(try top())
        guard case .instance(var instance) = nodes[target] else {
            throw malformed("a state is given to \(nodes[target].kind)")
        }
        guard instance.state == nil else { throw malformed("an object is given its state twice") }
        instance.state = state
        nodes[target] = .instance(instance)
    }

    // MARK: Stack and memo

    /// The lowest height that may be popped to: nothing below the last MARK.
    private var floor: Int { marks.last ?? 0 }

    private func top() throws(Defect) -> NodeID {
        guard stack.count > floor, let last = stack.last else { throw malformed("the stack is empty") }
        return last
    }

    private mutating func pop() throws(Defect) -> NodeID {
        let last = try top()
        stack.removeLast()
        return last
    }

    private mutating func pop(_ count: Int) throws(Defect) -> [NodeID] {
        guard stack.count - count >= floor else { throw malformed("the stack is empty") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(Defect) -> [NodeID] {
        guard let mark = marks.popLast() else { throw malformed("a MARK is missing") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    /// POP takes a MARK away when that is the last thing pushed.
    private mutating func dropTop() throws(Defect) {
        if marks.last == stack.count {
            marks.removeLast()
        } else {
            _ = try pop()
        }
    }

    private mutating func memoize(at index: Int) throws(Defect) {
        guard index < Limits.values else { throw malformed("memo number \(index) is out of range") }
        let node = try top()
        if index >= memo.count {
            memo.append(contentsOf: repeatElement(Self.unset, count: index + 1 - memo.count))
        }
        if memo[index] == Self.unset { memoCount += 1 }
        memo[index] = node
    }

    private mutating func recall(_ index: Int) throws(Defect) {
        guard index < memo.count, memo[index] != Self.unset else { throw malformed("memo number \(index) is not set") }
        stack.append(memo[index])
    }

    private func malformed(_ reason: String) -> Defect {
        .malformed("the pickle is wrong before byte \(reader.position): \(reason)")
    }
}
