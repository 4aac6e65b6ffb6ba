/// A block of memory that one or several tensors look into.
///
/// Identity matters: two tensors with the same storage share their elements, and the block is written once.
public final class TensorStorage: Sendable {
    private enum Source: Sendable {
        case mapped(MappedFile, Range<Int>)
        case owned([UInt8])
        case lent(count: Int, Lender)
    }

    /// Calls its argument once, before it returns, with the bytes.
    public typealias Lender = @Sendable (_ use: (UnsafeRawBufferPointer) -> Void) -> Void

    private let source: Source

    /// A part of a file that is read when it is asked for.
    init(_ file: MappedFile, _ range: Range<Int>) {
        source = .mapped(file, range)
    }

    public init(_ bytes: [UInt8]) {
        source = .owned(bytes)
    }

    /// `byteCount` bytes that live elsewhere; `lender` is asked for them when they are written or read.
    public init(byteCount: Int, lender: @escaping Lender) {
        source = .lent(count: byteCount, lender)
    }

    public var byteCount: Int {
        switch source {
        case .mapped(_, let range): range.count
        case .owned(let bytes): bytes.count
        case .lent(let count, _): count
        }
    }

    /// Lends all bytes for the duration of `body`, without a copy.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch source {
        case .mapped(let file, let range):
            defer { withExtendedLifetime(file) {} }
            return try body(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
        case .owned(let bytes):
            return try withRawBytes(of: bytes, body)
        case .lent(let count, let lender):
            var outcome: Swift.Result<Result, Failure>?
            lender { bytes in
                precondition(bytes.count == count, "a tensor's lender promised \(count) bytes and lent \(bytes.count)")
                do throws(Failure) {
                    outcome = .success(try body(bytes))
                } catch {
                    outcome = .failure(error)
                }
            }
            guard let outcome else { preconditionFailure("a tensor's lender returned without lending its bytes") }
            return try outcome.get()
        }
    }
}
