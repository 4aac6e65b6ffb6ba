public import PyTorchFile
public import Torch

/// What can go wrong between a model's file and its network.
public enum ModelError: Error, CustomStringConvertible {
    /// A model YAML that does not describe a network: where, and what was found and expected.
    case configuration(ConfigurationError)
    /// No model of this name, neither as a file nor among those that are built in.
    case unknownModel(name: String, builtIn: [String])
    /// A file that could not be read or written.
    case file(path: String, reason: String)
    /// A checkpoint that cannot be read or written as a file.
    case checkpointFile(PyTorchFileError)
    /// A checkpoint that lacks what is asked of it, or does not fit the model.
    case checkpoint(path: String, reason: String)
    /// Networks that cannot predict together: of two, name and number of classes.
    case differentClassCounts((name: String, classes: Int), (name: String, classes: Int))
    case torch(TorchError)

    public var description: String {
        switch self {
        case .configuration(let error): error.description
        case .unknownModel(let name, let builtIn):
            "no model configuration '\(name)': there is no such file, and built in are \(builtIn.joined(separator: ", "))"
                + (builtIn.contains(name + ".yaml") ? "; did you mean \(name).yaml?" : "")
        case .file(let path, let reason): "\(path): \(reason)"
        case .checkpoint(let path, let reason): "'\(path)': \(reason)"
        case .checkpointFile(let error): error.description
        case .differentClassCounts(let first, let second):
            "'\(first.name)' knows \(first.classes) classes, '\(second.name)' \(second.classes); "
                + "only models with the same classes can predict together"
        case .torch(let error): "\(error)"
        }
    }
}

/// Runs tensor work inside a function that throws `ModelError`.
func tensorWork<Result>(_ body: () throws(TorchError) -> Result) throws(ModelError) -> Result {
    do {
        return try body()
    } catch {
        throw .torch(error)
    }
}
