import PrintableText

/// Why a `.pt` or `.safetensors` file cannot be read or written. Every message names the file and says what was found.
public enum PyTorchFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operating system refused: no such file, no permission, a folder.
    case cannotRead(path: String, reason: String)
    /// A file of another kind, where a checkpoint was expected.
    case notACheckpoint(path: String, reason: String)
    /// A file of another kind, where a `.safetensors` file was expected.
    case notSafetensors(path: String, reason: String)
    /// A file that is cut short, altered, or made to mislead.
    case malformed(path: String, reason: String)
    /// A file that uses a part of its format that this reader leaves out.
    case unsupported(path: String, reason: String)
    /// The operating system refused; whatever was at `path` before is still there.
    case cannotWrite(path: String, reason: String)
    /// The disk or the quota is full; whatever was at `path` before is still there.
    case noSpace(path: String)
    /// A value inside the checkpoint is not what was asked for.
    case unexpectedValue(name: String, found: String, expected: String)

    public var description: String {
        switch self {
        case .cannotRead(let path, let reason): "cannot read '\(path)': \(reason)"
        case .notACheckpoint(let path, let reason): "'\(path)' is not a PyTorch checkpoint: \(reason.printable)"
        case .notSafetensors(let path, let reason): "'\(path)' is not a safetensors file: \(reason.printable)"
        case .malformed(let path, let reason):
            "'\(path)' is damaged: \(reason.printable); download or save it again"
        case .unsupported(let path, let reason): "'\(path)' cannot be used: \(reason.printable)"
        case .cannotWrite(let path, let reason): "cannot write '\(path)': \(reason.printable)"
        case .noSpace(let path):
            "cannot write '\(path)': no space left on the disk; an earlier file of this name is unchanged"
        case .unexpectedValue(let name, let found, let expected):
            "'\(name.printable)' is \(found.printable), expected \(expected)"
        }
    }
}

/// What is wrong inside a file, while the file's name is not known yet.
enum Defect: Error, Hashable {
    case foreign(String)
    case malformed(String)
    case unsupported(String)

    func located(in path: String) -> PyTorchFileError {
        switch self {
        case .foreign(let reason): .notACheckpoint(path: path, reason: reason)
        case .malformed(let reason): .malformed(path: path, reason: reason)
        case .unsupported(let reason): .unsupported(path: path, reason: reason)
        }
    }
}

extension String {
    fileprivate var printable: String { printable(longest: 1000) }
}
