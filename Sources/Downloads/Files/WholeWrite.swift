import Glibc

/// The system's `write`; tests put a full disk here.
package typealias SystemWrite = @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int

/// Where a write ended too early, and by which error number.
package struct WriteFailure: Error, Hashable {
    /// Bytes that were written before.
    package let written: Int
    package let code: Int32
}

/// Writes all bytes: the system may take fewer at once, or none because a signal came.
package func writeWhole(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, by write: SystemWrite = { Glibc.write($0, $1, $2) }
) throws(WriteFailure) {
    var done = 0
    while done < bytes.count {
        let count = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw WriteFailure(written: done, code: count == 0 ? ENOSPC : errno) }
        done += count
    }
}
