import Glibc

/// By what a file is known to be the same as before: its size, and when it was written.
struct FileStamp: Hashable, Sendable {
    /// Bytes.
    let size: Int64
    /// Nanoseconds since 1970.
    let time: Int64

    init(size: Int64, time: Int64) {
        self.size = size
        self.time = time
    }

    /// Of the file that a path leads to, through links; nil for what is no file that can be looked at.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        size = Int64(status.st_size)
        time = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }
}

/// A whole file in memory, with its stamp.
struct FileContent {
    let bytes: [UInt8]
    let stamp: FileStamp

    enum Failure: Error, Hashable {
        case missing
        case unreadable(String)
    }

    /// A label file has a few kilobytes; what is larger than this was put there by mistake.
    private static let largestSize = 1 << 28

    /// - Throws: `missing` if nothing has this name, `unreadable` with a reason for everything else.
    init(_ path: String) throws(Failure) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            // A name that is too long for the disk, or that leads through a file, is no name of a file either.
            let code = errno
            guard [ENOENT, ENOTDIR, ENAMETOOLONG].contains(code) else { throw .unreadable(String(cString: strerror(code))) }
            var link = stat()
            throw lstat(path, &link) == 0 ? .unreadable("it is a link that leads nowhere") : .missing
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable("it is no file") }
        guard status.st_size <= Self.largestSize else { throw .unreadable("it has \(status.st_size >> 20) MB; no label file is so large") }
        var failure: Int32 = 0
        bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let got = read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got < 0 { failure = errno }
                guard got > 0 else { break }
                count += got
            }
        }
        guard failure == 0 else { throw .unreadable(String(cString: strerror(failure))) }
        stamp = FileStamp(status)
    }
}

/// A 64-bit fingerprint of bytes, to tell whether they are the same as before: fast, and no protection against forgery.
struct ContentHash {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    init() {}

    init(_ bytes: [UInt8]) {
        self.init()
        bytes.withUnsafeBytes { add($0) }
    }

    /// Eight bytes at a time, then the rest and the length.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var rest: UInt64 = 0
        for byte in bytes[position...] { rest = rest << 8 | UInt64(byte) }
        add(rest)
        add(UInt64(bytes.count))
    }

    /// The multiply-and-fold step of wyhash: every bit of the word reaches every bit of the value.
    private mutating func add(_ word: UInt64) {
        let product = (value ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        value = (product.high ^ product.low) &+ 0x2545_F491_4F6C_DD1D
    }
}
