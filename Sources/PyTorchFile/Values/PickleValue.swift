/// One value of a checkpoint: what Python's pickle can hold, as plain data.
///
///     let checkpoint = try PyTorchFile(path: "last.pt").root
///     let epoch = checkpoint["epoch"]?.int
///     let names = checkpoint["model"]?["names"]?.dictionary
///
/// The same type describes what to write; literals stand for themselves:
///
///     let checkpoint: PickleValue = ["epoch": 3, "best_fitness": 0.52, "names": ["cat", "dog"]]
///
/// Values are trees. Where Python's objects form a circle, the circle is cut at `recursion`.
public enum PickleValue: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    /// Also a path of `pathlib`.
    case string(String)
    case bytes([UInt8])
    case list([PickleValue])
    /// Also a `torch.Size`.
    case tuple([PickleValue])
    case set([PickleValue])
    /// A `dict` or an `OrderedDict`.
    case dictionary(PickleDictionary)
    /// A tensor, a parameter, or a NumPy array.
    indirect case tensor(TensorValue)
    /// An instance of any other class, or what any other function would have returned.
    case object(PythonObject)
    /// A class, function or constant by its name, for example `torch.float32`.
    indirect case global(PythonName)
    /// An object that contains this very place.
    case recursion
}

extension PickleValue {
    /// The value under `key` of a dictionary, or the attribute `key` of an object.
    public subscript(key: String) -> PickleValue? {
        switch self {
        case .dictionary(let dictionary): dictionary[key]
        case .object(let object): object[key]
        default: nil
        }
    }

    /// The element at `index` of a list or tuple.
    public subscript(index: Int) -> PickleValue? {
        guard let elements = list, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    public var isNone: Bool {
        if case .none = self { true } else { false }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    public var int: Int? {
        if case .int(let value) = self { value } else { nil }
    }

    /// A float, an integer, or the one element of a tensor: `best_fitness` is a NumPy array of one element in some checkpoints.
    public var double: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        case .tensor(let tensor) where tensor.count == 1: tensor.doubles.first
        default: nil
        }
    }

    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements of a list or a tuple.
    public var list: [PickleValue]? {
        switch self {
        case .list(let elements), .tuple(let elements): elements
        default: nil
        }
    }

    public var dictionary: PickleDictionary? {
        if case .dictionary(let value) = self { value } else { nil }
    }

    public var tensor: TensorValue? {
        if case .tensor(let value) = self { value } else { nil }
    }

    public var object: PythonObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// What the value is, for messages: "a list", "an object of models.yolo.Model".
    public var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a float"
        case .string: "a string"
        case .bytes: "bytes"
        case .list: "a list"
        case .tuple: "a tuple"
        case .set: "a set"
        case .dictionary: "a dictionary"
        case .tensor: "a tensor"
        case .object(let object): "an object of \(object.type)"
        case .global(let name): "the name \(name)"
        case .recursion: "an object that contains itself"
        }
    }
}

extension PickleValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .none }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: PickleValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (PickleValue, PickleValue)...) {
        self = .dictionary(PickleDictionary(elements))
    }
}
