/// The name of a Python class, function or constant: a module's path and a name in it.
public struct PythonName: Hashable, Sendable, CustomStringConvertible {
    public let module: String
    public let name: String

    public init(_ module: String, _ name: String) {
        self.module = module
        self.name = name
    }

    public var description: String { "\(module).\(name)" }
}

/// A Python object as plain data: the name of what would make it, the arguments, and the state it would be given.
///
/// Nothing is looked up or called. A hostile `os.system("…")` becomes an object with that name and one argument.
/// Two places that hold the same object hold the same instance, and it is written once.
public final class PythonObject: Sendable {
    /// How Python would make the object.
    public enum Construction: Sendable {
        /// `type.__new__(type, *arguments)`: instances of classes.
        case new
        /// `type(*arguments)`: results of functions.
        case call
    }

    public let type: PythonName
    public let construction: Construction
    public let arguments: [PickleValue]
    /// What `__setstate__` or `__dict__` would receive.
    public let state: PickleValue?
    /// Elements of a class that extends `list`.
    public let listItems: [PickleValue]
    /// Entries of a class that extends `dict`, for example a `defaultdict`.
    public let dictionaryItems: PickleDictionary

    public init(
        _ type: PythonName, construction: Construction = .new, arguments: [PickleValue] = [], state: PickleValue? = nil,
        listItems: [PickleValue] = [], dictionaryItems: PickleDictionary = PickleDictionary()
    ) {
        self.type = type
        self.construction = construction
        self.arguments = arguments
        self.state = state
        self.listItems = listItems
        self.dictionaryItems = dictionaryItems
    }

    /// The attribute `name`, where the state is a dictionary of attributes.
    public subscript(name: String) -> PickleValue? {
        guard case .dictionary(let attributes)? = state else { return nil }
        return attributes[name]
    }
}
