/// A plain value of a model's description, with the line it stands on.
///
/// Arguments of a layer are such values: they are looked at, never evaluated.
public struct ConfigurationValue: Hashable, Sendable {
    public indirect enum Content: Hashable, Sendable {
        case none
        case boolean(Bool)
        case integer(Int)
        case real(Double)
        case text(String)
        case list([ConfigurationValue])
        /// In the order of the file.
        case table([Entry])
    }

    public struct Entry: Hashable, Sendable {
        public var key: String
        public var value: ConfigurationValue

        public init(_ key: String, _ value: ConfigurationValue) {
            self.key = key
            self.value = value
        }
    }

    public var content: Content
    /// Counted from 1; nil for a value that was not read from a text.
    public var line: Int?

    public init(_ content: Content, line: Int? = nil) {
        self.content = content
        self.line = line
    }

    /// Two values are equal when they say the same, on whatever line.
    public static func == (a: Self, b: Self) -> Bool { a.content == b.content }
    public func hash(into hasher: inout Hasher) { hasher.combine(content) }
}

extension ConfigurationValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
    public init(integerLiteral value: Int) { self.init(.integer(value)) }
    public init(floatLiteral value: Double) { self.init(.real(value)) }
    public init(stringLiteral value: String) { self.init(.text(value)) }
    public init(booleanLiteral value: Bool) { self.init(.boolean(value)) }
    public init(arrayLiteral elements: ConfigurationValue...) { self.init(.list(elements)) }
    public init(nilLiteral: ()) { self.init(.none) }
}

extension ConfigurationValue {
    /// YAML's own word for nothing and Python's, which the reference's files use.
    public var isNone: Bool { content == .none || content == .text("None") }

    public var boolean: Bool? {
        if case .boolean(let value) = content { value } else { nil }
    }

    /// A whole number, also one that is written `2.0`.
    public var integer: Int? {
        switch content {
        case .integer(let value): value
        case .real(let value): Int(exactly: value)
        default: nil
        }
    }

    public var number: Double? {
        switch content {
        case .integer(let value): Double(value)
        case .real(let value): value.isFinite ? value : nil
        default: nil
        }
    }

    public var text: String? {
        if case .text(let value) = content { value } else { nil }
    }

    public var list: [ConfigurationValue]? {
        if case .list(let values) = content { values } else { nil }
    }

    public subscript(key: String) -> ConfigurationValue? {
        guard case .table(let entries) = content else { return nil }
        return entries.last { $0.key == key }?.value
    }
}

extension ConfigurationValue: CustomStringConvertible {
    /// As Python would print it, which is what users of the layer table know: `[None, 2, 'nearest']`.
    public var description: String {
        switch content {
        case .none: "None"
        case .boolean(let value): value ? "True" : "False"
        case .integer(let value): String(value)
        case .real(let value): String(value)
        case .text("None"): "None"
        case .text(let value): "'\(value)'"
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .table(let entries): "{" + entries.map { "'\($0.key)': \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    /// The beginning of the description, for messages.
    var excerpt: String {
        let text = description
        return text.count > 80 ? text.prefix(80) + "…" : text
    }
}
