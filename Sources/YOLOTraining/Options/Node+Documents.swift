import PyTorchFile
import YOLOModel
import Yams

extension Node {
    /// Reads one YAML document; nil where the text is empty.
    /// - Parameter file: the name for error messages.
    /// - Throws: `TrainingError.unreadable` with the line.
    static func composed(from text: String, file: String) throws -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            let (line, message) = error.explanation
            throw TrainingError.unreadable(path: file, reason: line.map { "line \($0): \(message)" } ?? message)
        }
    }

    /// A plain value of a checkpoint as YAML would have it; what YAML has no word for becomes nothing.
    /// - Parameter remaining: how many values may still come; at 0 the rest is left out.
    init(_ value: PickleValue, remaining: inout Int) {
        remaining -= 1
        switch value {
        case .bool(let value): self.init(value ? "true" : "false", Tag(.bool))
        case .int(let value): self.init(String(value), Tag(.int))
        case .double(let value): self.init(String(value), Tag(.float))
        case .string(let value): self.init(value, Tag(.str), .doubleQuoted)
        case .list(let elements), .tuple(let elements):
            var nodes: [Node] = []
            for element in elements where remaining > 0 { nodes.append(Node(element, remaining: &remaining)) }
            self.init(nodes)
        case .dictionary(let dictionary):
            var pairs: [(Node, Node)] = []
            for (key, value) in dictionary.entries where remaining > 0 {
                guard let key = key.string else { continue }
                pairs.append((Node(key), Node(value, remaining: &remaining)))
            }
            self.init(pairs)
        default: self.init("null", Tag(.null))
        }
    }
}
