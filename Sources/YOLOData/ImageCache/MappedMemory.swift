import Glibc

/// Memory that the kernel maps: pages of its own, or those of a file.
///
/// `@unchecked Sendable`: the address and size never change. Whoever makes it fills it before sharing it.
final class MappedMemory: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    /// Pages of this process alone, all zero; they take memory once they are written to.
    /// - Returns: `nil` if the kernel refuses.
    convenience init?(anonymous byteCount: Int) {
        self.init(byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, descriptor: -1)
    }

    /// The pages of an open file, which has at least so many bytes. The descriptor may be closed afterwards.
    /// - Returns: `nil` if the kernel refuses.
    convenience init?(descriptor: Int32, byteCount: Int, isWritable: Bool) {
        self.init(byteCount, isWritable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor: descriptor)
    }

    private init?(_ byteCount: Int, _ protection: Int32, _ flags: Int32, descriptor: Int32) {
        guard byteCount > 0, let base = mmap(nil, byteCount, protection, flags, descriptor, 0), base != MAP_FAILED else { return nil }
        bytes = UnsafeMutableRawBufferPointer(start: base, count: byteCount)
    }

    deinit { munmap(bytes.baseAddress, bytes.count) }
}
