import Foundation

/// Where the pixels of batches are put: ordinary memory, or such that a device copies from by itself.
public struct BatchMemory: Sendable {
    private let allocate: @Sendable (_ byteCount: Int) -> Block?

    /// - Parameter allocate: Called when a loader needs one more batch, from any thread.
    public init(allocate: @escaping @Sendable (_ byteCount: Int) -> Block?) { self.allocate = allocate }

    /// A block of so many bytes, on a page boundary; `nil` if there is not so much memory.
    public func block(_ byteCount: Int) -> Block? { allocate(byteCount) }

    /// Memory and how it is given back.
    ///
    /// `@unchecked Sendable`: address and size never change; whoever takes a block sees to who writes to it.
    public struct Block: @unchecked Sendable {
        package let bytes: UnsafeMutableRawBufferPointer
        package let release: @Sendable () -> Void

        public init(bytes: UnsafeMutableRawBufferPointer, release: @escaping @Sendable () -> Void) {
            (self.bytes, self.release) = (bytes, release)
        }
    }

    /// Whole pages of ordinary memory.
    public static let pages = BatchMemory { byteCount in
        var address: UnsafeMutableRawPointer?
        guard posix_memalign(&address, 4096, byteCount) == 0, let address else { return nil }
        nonisolated(unsafe) let base = address  // given back once, by whoever owns the block
        return Block(bytes: UnsafeMutableRawBufferPointer(start: address, count: byteCount)) { free(base) }
    }
}
