import Yams

extension ConfigurationValue {
    /// More values than any network needs; a small file of nested aliases can stand for billions.
    private static let largestCount = 50_000
    private static let deepestNesting = 16

    /// Reads one YAML document.
    /// - Parameter source: the name that errors give.
    init(yaml text: String, source: String) throws(ConfigurationError) {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            let (line, message) = error.explanation
            throw ConfigurationError(source: source, line: line, message: message)
        } catch {
            throw ConfigurationError(source: source, message: "\(error)")
        }
        guard let node else { throw ConfigurationError(source: source, message: "the file is empty") }
        var remaining = Self.largestCount
        try self.init(node, source: source, depth: 0, remaining: &remaining)
    }

    private init(_ node: Node, source: String, depth: Int, remaining: inout Int) throws(ConfigurationError) {
        let line = node.mark?.line
        remaining -= 1
        guard depth <= Self.deepestNesting, remaining >= 0 else {
            throw ConfigurationError(
                source: source, line: line,
                message: "too large: at most \(Self.largestCount) values, nested \(Self.deepestNesting) deep")
        }
        switch node {
        case .scalar(let scalar):
            self.init(Self.resolved(scalar), line: line)
        case .sequence(let sequence):
            var values: [ConfigurationValue] = []
            for element in sequence {
                values.append(try ConfigurationValue(element, source: source, depth: depth + 1, remaining: &remaining))
            }
            self.init(.list(values), line: line)
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw ConfigurationError(source: source, line: key.mark?.line, message: "a key must be a plain word")
                }
                let decoded = try ConfigurationValue(value, source: source, depth: depth + 1, remaining: &remaining)
                entries.append(Entry(name, decoded))
            }
            self.init(.table(entries), line: line)
        case .alias:
            throw ConfigurationError(source: source, line: line, message: "an alias that refers to nothing")
        }
    }

    private static func resolved(_ scalar: Node.Scalar) -> Content {
        guard scalar.style == .plain || scalar.style == .any else { return .text(scalar.string) }
        let text = scalar.string
        if let value = Int(text) { return .integer(value) }
        if let first = text.first, first.isNumber || "+-.".contains(first), let value = Double(text) { return .real(value) }
        switch text {
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        case "", "~", "null", "Null", "NULL": return .none
        default: return .text(text)
        }
    }
}
