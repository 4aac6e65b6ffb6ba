internal import Glibc

/// A picture's file that is being read: opened once, closed when it is released.
final class InputFile {
    let path: String
    private let descriptor: Int32
    /// Bytes.
    let size: Int

    /// OpenCV counts bytes in 32 bits. The largest picture that is read has 1.4 GB as plain pixels of 16 bits with transparency.
    private static let largestSize = Int(Int32.max)

    init(_ path: String) throws(ImagingError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)  // a pipe would wait for its writer
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            close(descriptor)
            throw .unreadable(path: path, reason: isFolder ? "it is a folder" : "it is no ordinary file")
        }
        guard status.st_size <= Self.largestSize else {
            close(descriptor)
            let reason = "it has \(status.st_size >> 20) MB, and pictures of less than 2048 MB are read; make it smaller"
            throw .undecodable(path: path, reason: reason)
        }
        self.path = path
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Fills a buffer from an offset on, as far as the file goes.
    ///
    /// - Returns: the number of bytes.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int = 0) -> Int {
        guard let base = buffer.baseAddress, offset >= 0 else { return 0 }
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            done += count
        }
        return done
    }

    /// The whole file.
    func bytes() throws(ImagingError) -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        guard bytes.count == size else { throw .unreadable(path: path, reason: "it ended early, or the disk failed") }
        return bytes
    }
}
