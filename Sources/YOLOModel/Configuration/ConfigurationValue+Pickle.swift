import PyTorchFile

extension ConfigurationValue {
    /// More than any model's description needs.
    private static let largestPickledCount = 50_000
    private static let deepestPickledNesting = 16

    /// A plain value of a checkpoint.
    init(_ value: PickleValue, source: String) throws(ConfigurationError) {
        var remaining = Self.largestPickledCount
        try self.init(value, source: source, depth: 0, remaining: &remaining)
    }

    private init(
        _ value: PickleValue, source: String, depth: Int, remaining: inout Int
    ) throws(ConfigurationError) {
        remaining -= 1
        guard depth <= Self.deepestPickledNesting, remaining >= 0 else {
            throw ConfigurationError(source: source, message: "the model's description ('yaml') is too large")
        }
        switch value {
        case .none: self.init(.none)
        case .bool(let value): self.init(.boolean(value))
        case .int(let value): self.init(.integer(value))
        case .double(let value): self.init(.real(value))
        case .string(let value):
            remaining -= value.utf8.count / 64  // one text can be in many places
            self.init(.text(value))
        case .list(let elements), .tuple(let elements):
            var values: [ConfigurationValue] = []
            for element in elements {
                values.append(
                    try ConfigurationValue(element, source: source, depth: depth + 1, remaining: &remaining))
            }
            self.init(.list(values))
        case .dictionary(let dictionary):
            var entries: [Entry] = []
            for (key, value) in dictionary.entries {
                guard let key = key.string else { continue }
                let decoded = try ConfigurationValue(value, source: source, depth: depth + 1, remaining: &remaining)
                entries.append(Entry(key, decoded))
            }
            self.init(.table(entries))
        case .tensor(let tensor) where tensor.count == 1 && !tensor.doubles.isEmpty:
            self.init(.real(tensor.doubles[0]))
        case .bytes, .set, .tensor, .object, .global, .recursion:
            throw ConfigurationError(
                source: source, message: "the model's description ('yaml') holds \(value.kind), which says nothing here")
        }
    }
}
