internal import COpenCV

/// What can go wrong with pictures. The text names the file, what was found and what to do.
public enum ImagingError: Error, Hashable, Sendable {
    /// The file cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// The file was read, but it is no picture, or a damaged one.
    case undecodable(path: String, reason: String)
    /// The picture cannot be written.
    case unwritable(path: String, reason: String)
    /// Not enough memory for an operation on pixels.
    case outOfMemory(operation: String)
    /// An operation on pixels failed.
    case failed(operation: String, reason: String)
}

extension ImagingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "'\(path)' cannot be read: \(reason)"
        case .undecodable(let path, let reason): "'\(path)' cannot be decoded: \(reason)"
        case .unwritable(let path, let reason): "'\(path)' cannot be written: \(reason)"
        case .outOfMemory(let operation): "not enough memory to \(operation) an image"
        case .failed(let operation, let reason): "cannot \(operation) an image: \(reason)"
        }
    }
}

extension ImagingError {
    /// Whether the file itself is the trouble, and not what is in it.
    package var isAboutFile: Bool {
        switch self {
        case .unreadable, .unwritable: true
        case .undecodable, .outOfMemory, .failed: false
        }
    }

    /// What went wrong, without the file's name.
    package var reason: String {
        switch self {
        case .unreadable(_, let reason): "cannot be read: \(reason)"
        case .undecodable(_, let reason): "cannot be decoded: \(reason)"
        case .unwritable(_, let reason): "cannot be written: \(reason)"
        case .outOfMemory, .failed: description
        }
    }
}

extension COStatus {
    /// Reads the status of a call; `operation` is a verb for the message ("resize").
    func check(_ operation: String) throws(ImagingError) {
        switch self {
        case .OK: return
        case .OUT_OF_MEMORY: throw .outOfMemory(operation: operation)
        case .FAILED: throw .failed(operation: operation, reason: COStatus.lastError)
        }
    }

    /// The reason for this thread's last failure.
    static var lastError: String { String(cString: co_last_error()) }
}
