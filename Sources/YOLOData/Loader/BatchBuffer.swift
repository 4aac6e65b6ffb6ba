import Foundation

/// The pixels of one batch: a block of whole pages.
///
/// `@unchecked Sendable`: the address and size never change. Of the bytes, each worker writes the pictures that it has
/// claimed under the queue's lock, and nobody reads before the lock has seen the last of them finished.
final class BatchBuffer: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    fileprivate init(byteCount: Int) {
        bytes = .allocate(byteCount: byteCount, alignment: 4096)
    }

    deinit { bytes.deallocate() }
}

/// Blocks that wait for their next batch. At rest it holds as many as were ever in use at a time, which the ring bounds.
///
/// `@unchecked Sendable`: `free` is only touched under `lock`.
final class BatchBufferPool: @unchecked Sendable {
    private let byteCount: Int
    private let lock = NSLock()
    private var free: [BatchBuffer] = []

    /// - Parameter byteCount: Bytes of the largest batch.
    init(byteCount: Int) { self.byteCount = byteCount }

    func take() -> BatchBuffer {
        lock.withLock { free.popLast() } ?? BatchBuffer(byteCount: byteCount)
    }

    func put(_ buffer: BatchBuffer) {
        lock.withLock { free.append(buffer) }
    }
}
