@testable import PyTorchFile

/// Does with a file's values what a program would do with them, within a budget: a value can stand in exponentially many
/// places of a tree.
struct Exploration {
    private var budget = 1_000

    /// Looks at everything, then writes it and reads it again.
    static func explore(_ root: PickleValue) {
        var exploration = Exploration()
        exploration.visit(root)
        guard exploration.budget > 0, let pickle = try? PickleEncoder.encode(root) else { return }
        // What is written here must be readable here.
        let again = withRawBytes(of: pickle.bytes) { bytes in
            Result { () throws(Defect) in
                try ValueBuilder.value(of: try PickleMachine.run(bytes)) { (key, byteCount, _) throws(Defect) in
                    guard let index = Int(key), pickle.storages.indices.contains(index) else { throw .malformed("no such key") }
                    precondition(pickle.storages[index].storage.byteCount == byteCount)
                    return pickle.storages[index].storage
                }
            }
        }
        if case .failure(let defect) = again { fatalError("what was written cannot be read: \(defect)") }
    }

    private mutating func visit(_ value: PickleValue) {
        budget -= 1
        guard budget > 0 else { return }
        _ = value.kind
        _ = value.double
        switch value {
        case .list(let elements), .tuple(let elements), .set(let elements): visit(elements)
        case .dictionary(let dictionary): visit(dictionary)
        case .tensor(let tensor): visit(tensor)
        case .object(let object):
            visit(object.arguments)
            visit(object.listItems)
            visit(object.dictionaryItems)
            if let state = object.state { visit(state) }
        default: break
        }
        if let state = try? StateDictionary(value, named: "fuzz") {
            budget -= state.count
            for (name, tensor) in state.entries.prefix(16) {
                precondition(state[name]?.shape == tensor.shape)
                visit(tensor)
            }
        }
    }

    private mutating func visit(_ elements: [PickleValue]) {
        for element in elements where budget > 0 { visit(element) }
    }

    private mutating func visit(_ dictionary: PickleDictionary) {
        for (key, value) in dictionary.entries where budget > 0 {
            if let key = key.string { precondition(dictionary[key] != nil) }
            visit(key)
            visit(value)
        }
    }

    private mutating func visit(_ tensor: TensorValue) {
        Self.touch(tensor)
        budget -= 4
    }

    /// Reads every element of a small tensor in each of the ways that there are.
    static func touch(_ tensor: TensorValue) {
        guard tensor.byteCount <= 1 << 14 else { return }
        let numbers = tensor.doubles
        precondition(numbers.count == tensor.count)
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: tensor.byteCount, alignment: 1)
        defer { copy.deallocate() }
        tensor.copyBytes(to: copy)
        tensor.withBytes { bytes in precondition(bytes.elementsEqual(copy)) }
    }
}
