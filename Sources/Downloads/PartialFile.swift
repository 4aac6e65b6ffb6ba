import Crypto
import Foundation

/// A file under way: `.NAME.yolov5-part`, and `.NAME.yolov5-part.json` with what is needed to go on with it later.
///
/// One process at a time has it open. A process that is killed leaves both behind, and the next one goes on with them. Files of
/// these names that are not ours, as the second one tells, are left alone.
final class PartialFile {
    /// The remote file that the bytes are of.
    struct Origin: Sendable, Hashable, Codable {
        /// The address without what may be secret, for people who find the file.
        private(set) var url = ""
        /// SHA-256 of the whole address: what is left out of `url` may make it another file.
        private var addressDigest = ""
        var version = FileVersion()
        /// Bytes of the whole file, where the server says so.
        var length: Int?

        init() {}

        init(url: String, version: FileVersion, length: Int?) {
            self.url = RemoteFile.shown(url)
            addressDigest = SHA256.hash(data: Array(url.utf8)).hexadecimal
            (self.version, self.length) = (version, length)
        }

        func isOf(_ url: String) -> Bool { addressDigest == Origin(url: url, version: version, length: length).addressDigest }
    }

    let path: String
    /// Bytes that are here.
    private(set) var count = 0
    private(set) var origin = Origin()
    private let target: String
    private let descriptor: Int32
    private let systemWrite: SystemWrite

    private var originPath: String { Self.originPath(path) }

    /// Opens or creates the partial file of `target`, with the folders that lead to it.
    /// - Parameter url: what is fetched; a part of something else is thrown away.
    init(of target: String, url: String, write: @escaping SystemWrite) throws(DownloadError) {
        let folder = target.parentFolder
        if !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw .cannotWrite(path: folder, reason: Self.reason(error))
            }
        }
        let path = Self.path(of: target)
        let descriptor = try Self.openAlone(path, for: target)
        let count = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        let stored: Origin?
        do throws(DownloadError) {
            stored = try Self.storedOrigin(of: path, count: count)
        } catch {
            close(descriptor)
            throw error
        }
        (self.target, self.path, self.descriptor, self.count, systemWrite) = (target, path, descriptor, count, write)
        if let stored, stored.isOf(url), (stored.length ?? .max) >= count { origin = stored } else { try clear() }
    }

    private static func path(of target: String) -> String {
        target.parentFolder.appendingPart(".\(target.lastPart).yolov5-part")
    }

    private static func originPath(_ path: String) -> String { path + ".json" }

    /// What an earlier process wrote down; nil where there was none.
    /// - Throws: where the files are not ours.
    private static func storedOrigin(of path: String, count: Int) throws(DownloadError) -> Origin? {
        let originPath = originPath(path)
        guard isTaken(originPath) else {
            // It is written before the first byte of the part.
            if count > 0 { throw .foreignPart(path: path) }
            return nil
        }
        guard let data = FileManager.default.contents(atPath: originPath), data.count < 1 << 16,
            let stored = try? JSONDecoder().decode(Origin.self, from: data)
        else { throw .foreignPart(path: originPath) }
        return stored
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
        try store(origin)
    }

    /// Takes in how long the whole file is, where that was not known at its start.
    func learn(length: Int) throws(DownloadError) {
        var known = origin
        known.length = length
        if known != origin { try store(known) }
    }

    private func store(_ origin: Origin) throws(DownloadError) {
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
        do throws(WriteFailure) {
            try writeWhole(bytes, to: descriptor, by: systemWrite)
            count += bytes.count
        } catch {
            count += error.written
            throw failure(error.code)
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
    /// - Throws: `.fileExists` where something has that name by now.
    func finish() throws(DownloadError) {
        guard fsync(descriptor) == 0 else { throw failure(errno) }
        switch renameToFreeName(path, target) {
        case 0: break
        case EEXIST: throw .fileExists(path: target)
        case let code: throw failure(code)
        }
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

    private static func openAlone(_ path: String, for target: String) throws(DownloadError) -> Int32 {
        // The process that had it before may have finished it between our opening and locking: then it has another name now.
        for _ in 0..<100 {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw .busy(path: target)
            }
            var opened = stat()
            var named = stat()
            if fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino { return descriptor }
            close(descriptor)
        }
        throw .busy(path: target)
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

extension SHA256Digest {
    /// 64 digits in lower case.
    var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
}

/// The system's words for an error number, for example "No such file or directory".
func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code))
}
