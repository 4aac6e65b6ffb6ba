import Foundation

/// The bytes of an archive on disk, read where they are wanted.
final class ZipFile {
    let path: String
    let count: Int
    private let descriptor: Int32

    init(path: String) throws(ArchiveError) {
        self.path = path
        // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .cannotRead(path: path, reason: "it is no file")
        }
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Exactly the bytes in `range`.
    func read(_ range: Range<Int>, of subject: String) throws(ArchiveError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw .damaged(path: path, reason: "\(subject) lies outside of the file")
        }
        var bytes = [UInt8](repeating: 0, count: range.count)
        var done = 0
        while done < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(range.lowerBound + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw .cannotRead(path: path, reason: got == 0 ? "it became shorter" : systemMessage(errno)) }
            done += got
        }
        return bytes
    }

    /// The bytes in `range`, piece by piece.
    func stream(_ range: Range<Int>, of subject: String, _ body: ([UInt8]) throws(ArchiveError) -> Void) throws(ArchiveError) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + 1 << 18, range.upperBound)
            try body(read(start..<end, of: subject))
            start = end
        }
    }
}

/// Reads little-endian numbers from the records of an archive; every access is checked.
struct RecordReader {
    private let bytes: ArraySlice<UInt8>
    private let damage: ArchiveError
    private(set) var position: Int

    /// - Parameter subject: what is read, for the message: "the directory".
    init(_ bytes: ArraySlice<UInt8>, of path: String, subject: String) {
        self.bytes = bytes
        damage = .damaged(path: path, reason: "\(subject) ends too early")
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position >= bytes.endIndex }

    mutating func take(_ count: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.endIndex - position else { throw damage }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func skip(_ count: Int) throws(ArchiveError) {
        _ = try take(count)
    }

    mutating func read<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) throws(ArchiveError) -> Int {
        var number = UInt64(0)
        for byte in try take(MemoryLayout<Number>.size).reversed() { number = number << 8 | UInt64(byte) }
        guard let count = Int(exactly: number) else { throw damage }
        return count
    }
}
