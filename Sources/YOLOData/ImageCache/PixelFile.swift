import Downloads
import Glibc
import Imaging

/// A file of plain pixels: a header of 64 bytes, then 8-bit RGB, row by row.
struct PixelFile: Sendable {
    let path: String
    /// What the pixels were made from.
    let fingerprint: ImageFingerprint
    let width: Int
    let height: Int

    static let headerBytes = 64
    /// "YV5PIXEL".
    private static let signature: UInt64 = 0x5956_3550_4958_454C

    var byteCount: Int { Self.headerBytes + 3 * width * height }

    /// Whether the file is there, of the right size, and says of itself that it is the right one.
    var isSound: Bool {
        guard let descriptor = opened() else { return false }
        defer { close(descriptor) }
        var start = [UInt8](repeating: 0, count: Self.headerBytes)
        return start.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) } == start.count && start == header
    }

    /// The pixels, mapped; `nil` if the file is not sound.
    func pixels() -> LentBytes? {
        guard let descriptor = opened() else { return nil }
        defer { close(descriptor) }
        guard let memory = MappedMemory(descriptor: descriptor, byteCount: byteCount, isWritable: false),
            memory.bytes.prefix(Self.headerBytes).elementsEqual(header)
        else { return nil }
        return LentBytes(memory, Self.headerBytes..<byteCount)
    }

    /// Writes the file under a temporary name and then renames it, so that it is there as a whole or not at all.
    ///
    /// - Throws: `DataError.fileAccess`.
    func write(_ image: Image) throws(DataError) {
        let folder = path.parentFolder
        let temporary = "\(folder)/.\(fingerprint.name)-\(getpid()).tmp"
        func failure(_ code: Int32 = errno) -> DataError {
            unlink(temporary)
            return .fileAccess(path: path, reason: "cannot be written: \(String(cString: strerror(code)))")
        }
        mkdir(folder, 0o755)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
        do throws(WriteFailure) {
            for part in [header, image.pixels] {
                try part.withUnsafeBufferPointer { (bytes) throws(WriteFailure) in
                    try writeWhole(UnsafeRawBufferPointer(bytes), to: descriptor)
                }
            }
        } catch {
            close(descriptor)
            throw failure(error.code)
        }
        guard close(descriptor) == 0, rename(temporary, path) == 0 else { throw failure() }
    }

    private func opened() -> Int32? {
        // A pipe of that name must not be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) == byteCount else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private var header: [UInt8] {
        let words = [Self.signature, fingerprint.high, fingerprint.low, UInt64(width), UInt64(height), 0, 0, 0]
        return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
}
