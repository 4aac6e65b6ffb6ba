import CTorch

/// What libtorch refused to do.
public struct TorchError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The device has not enough memory; a smaller batch may fit.
        case outOfMemory
        /// Shapes, types or devices that do not go together, or a failure inside libtorch.
        case failed
    }

    public let kind: Kind
    /// The operation as it is called in Swift, for example `conv2d`.
    public let operation: String
    /// What libtorch says about it.
    public let message: String

    public init(kind: Kind, operation: String, message: String) {
        self.kind = kind
        self.operation = operation
        self.message = message
    }

    /// Reads the message that the failed call left on this thread.
    init(_ status: CTStatus, _ operation: String) {
        self.init(
            kind: status == CT_OUT_OF_MEMORY ? .outOfMemory : .failed,
            operation: operation,
            message: String(cString: ct_last_error()))
    }

    public var description: String { "\(operation): \(message)" }
}

/// Turns a status of CTorch into an error.
func check(_ operation: String, _ status: CTStatus) throws(TorchError) {
    guard status == CT_OK else { throw TorchError(status, operation) }
}
