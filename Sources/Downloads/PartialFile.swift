import Foundation

/// A file under way: `NAME.part`, and `NAME.part.json` with what is needed to go on with it later.
///
/// One process at a time has it open. A process that is killed leaves both behind, and the next one goes on with them.
final class PartialFile {
    /// The remote file that the bytes are of.
    struct Origin: Sendable, Hashable, Codable {
        var url = ""
        var version = FileVersion()
        /// Bytes of the whole file, where the server says so.
        var length: Int?
    }

    /// The system's `write`; tests put a full disk here.
    typealias Write = @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int

    let path: String
    /// Bytes that are here.
    private(set) var count = 0
    private(set) var origin = Origin()
    private let target: String
    private let descriptor: Int32
    private let systemWrite: Write

    private var originPath: String { path + ".json" }

    /// Opens or creates the partial file of `target`, with the folders that lead to it.
    /// - Parameter url: what is fetched; a part of something else is thrown away.
    init(of target: String, url: String, write: @escaping Write) throws(DownloadError) {
        self.target = target
        path = target + ".part"
        systemWrite = write
        let folder = target.parentFolder
        if !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw .cannotWrite(path: folder, reason: Self.reason(error))
            }
        }
        descriptor = try Self.openAlone(path)
        count = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        guard count > 0 else { return }
        if let data = FileManager.default.contents(atPath: originPath), data.count < 1 << 16,
            let stored = try? JSONDecoder().decode(Origin.self, from: data), stored.url == DownloadError.shown(url),
            (stored.length ?? .max) >= count
        {
            origin = stored
        } else {
            try clear()
        }
    }

    deinit {
        // What nobody can go on with is not worth keeping.
        if count == 0 {
            unlink(path)
            unlink(originPath)
        }
        close(descriptor)
    }

    /// Whether all bytes are here that the server announced.
    var isComplete: Bool { count > 0 && count == origin.length }

    /// Throws away what is here; the next bytes are the first of `origin`.
    func startOver(_ origin: Origin) throws(DownloadError) {
        try clear()
        self.origin = origin
        do {
            try JSONEncoder().encode(origin).write(to: URL(fileURLWithPath: originPath), options: .atomic)
        } catch {
            throw .cannotWrite(path: originPath, reason: Self.reason(error))
        }
    }

    /// Throws away what is here.
    func clear() throws(DownloadError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure(errno) }
        count = 0
        origin = Origin()
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = UnsafeRawBufferPointer(rebasing: rest)
            let written = systemWrite(descriptor, chunk.baseAddress, chunk.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure(written == 0 ? ENOSPC : errno) }
            count += written
            rest = rest.dropFirst(written)
        }
    }

    /// Reads up to `limit` bytes from the start, piece by piece.
    func read(upTo limit: Int = .max, _ body: (UnsafeRawBufferPointer) -> Void) throws(DownloadError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(limit, 1 << 20), alignment: 16)
        defer { buffer.deallocate() }
        var position = 0
        while position < limit {
            let got = pread(descriptor, buffer.baseAddress, min(buffer.count, limit - position), off_t(position))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure(errno) }
            if got == 0 { return }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            position += got
        }
    }

    /// Puts the file under its name. It is on the disk when this returns.
    func finish() throws(DownloadError) {
        guard fsync(descriptor) == 0 else { throw failure(errno) }
        guard rename(path, target) == 0 else { throw failure(errno) }
        unlink(originPath)
        let folder = target.parentFolder
        // Some file systems refuse to sync a folder; the file itself is safe by now.
        let folderDescriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folderDescriptor >= 0 {
            fsync(folderDescriptor)
            close(folderDescriptor)
        }
    }

    // MARK: Parts

    private static func openAlone(_ path: String) throws(DownloadError) -> Int32 {
        // The process that had it before may have finished it between our opening and locking: then it has another name now.
        for _ in 0..<100 {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw .busy(path: String(path.dropLast(".part".count)))
            }
            var opened = stat()
            var named = stat()
            if fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino { return descriptor }
            close(descriptor)
        }
        throw .busy(path: path)
    }

    private func failure(_ code: Int32) -> DownloadError {
        switch code {
        case ENOSPC, EDQUOT: .noSpace(path: path)
        default: .cannotWrite(path: path, reason: systemMessage(code))
        }
    }

    private static func reason(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        guard let underlying, underlying.domain == NSPOSIXErrorDomain else { return (error as NSError).localizedDescription }
        return systemMessage(Int32(truncatingIfNeeded: underlying.code))
    }
}

/// The system's words for an error number, for example "No such file or directory".
func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code))
}
