/// A Python dictionary: entries in the order in which they were first set.
///
/// Strings and integers are found by hashing and are unique, as in Python. Other keys (tuples, floats, …) are kept as
/// entries and cannot be looked up.
public struct PickleDictionary: Sendable, ExpressibleByDictionaryLiteral {
    public typealias Entry = (key: PickleValue, value: PickleValue)

    public private(set) var entries: [Entry] = []
    /// A `collections.OrderedDict` rather than a `dict`. State dictionaries are.
    public var isOrderedDict: Bool
    private var positions: [HashedKey: Int] = [:]

    private enum HashedKey: Hashable {
        case string(PythonString)
        case int(Int)

        init?(_ value: PickleValue) {
            switch value {
            case .string(let string): self = .string(PythonString(string))
            case .int(let int): self = .int(int)
            default: return nil
            }
        }
    }

    /// A dictionary of `entries`; where a key comes twice, the last value counts.
    public init(_ entries: some Collection<(PickleValue, PickleValue)>, isOrderedDict: Bool = false) {
        self.isOrderedDict = isOrderedDict
        self.entries.reserveCapacity(entries.count)
        positions.reserveCapacity(entries.count)
        for (key, value) in entries { updateValue(value, forKey: key) }
    }

    /// A dictionary whose keys are strings, for example parameters by name.
    public init(_ entries: some Collection<(String, PickleValue)>, isOrderedDict: Bool = false) {
        self.init(entries.map { (.string($0), $1) }, isOrderedDict: isOrderedDict)
    }

    public init(dictionaryLiteral elements: (PickleValue, PickleValue)...) {
        self.init(elements)
    }

    public init(isOrderedDict: Bool = false) {
        self.isOrderedDict = isOrderedDict
    }

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }

    public subscript(key: String) -> PickleValue? {
        positions[.string(PythonString(key))].map { entries[$0].value }
    }

    public subscript(key: Int) -> PickleValue? {
        positions[.int(key)].map { entries[$0].value }
    }

    /// Sets the value of `key`: in place if the key is there, else as the last entry.
    public mutating func updateValue(_ value: PickleValue, forKey key: PickleValue) {
        if let hashed = HashedKey(key) {
            if let position = positions[hashed] {
                entries[position].value = value
                return
            }
            positions[hashed] = entries.count
        }
        entries.append((key, value))
    }
}
