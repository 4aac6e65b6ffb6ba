import Foundation

/// The pixels of one batch: a block of whole pages.
///
/// `@unchecked Sendable`: the address and size never change. Of the bytes, each worker writes the pictures that it has
/// claimed under the queue's lock, and nobody reads before the lock has seen the last of them finished.
final class BatchBuffer: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
    private let release: @Sendable () -> Void

    fileprivate init(_ block: BatchMemory.Block) {
        (bytes, release) = (block.bytes, block.release)
    }

    deinit { release() }
}

/// Blocks that wait for their next batch. At rest it holds as many as were ever in use at a time, which the ring bounds.
///
/// `@unchecked Sendable`: `waiting` is only touched under `lock`.
final class BatchBufferPool: @unchecked Sendable {
    private let largest: BatchPlan
    private let memory: BatchMemory
    private let lock = NSLock()
    private var waiting: [BatchBuffer] = []

    /// - Parameter largest: The batch that needs most bytes: every block has room for it.
    init(largest: BatchPlan, memory: BatchMemory) {
        (self.largest, self.memory) = (largest, memory)
    }

    /// - Throws: `DataError.outOfMemory`.
    func take() throws(DataError) -> BatchBuffer {
        if let buffer = lock.withLock({ waiting.popLast() }) { return buffer }
        guard let block = memory.block(largest.byteCount) else {
            throw .outOfMemory(images: largest.indices.count, width: largest.width, height: largest.height)
        }
        return BatchBuffer(block)
    }

    func put(_ buffer: BatchBuffer) {
        lock.withLock { waiting.append(buffer) }
    }
}
