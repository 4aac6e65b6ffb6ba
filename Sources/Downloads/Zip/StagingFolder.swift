import Foundation

/// A hidden folder that an archive is unpacked to before its content goes where it belongs.
///
/// One process at a time has it. What a killed process left in it is cleared away by the next one.
final class StagingFolder {
    let path: String
    private let descriptor: Int32

    /// - Parameters:
    ///   - folder: where it is made; it must be on the disk that the content goes to.
    ///   - archive: for messages, and for its name.
    init(in folder: String, for archive: String, destination: String) throws(ArchiveError) {
        let name = archive.lastPart
        path = "\(folder)/.\(String(decoding: name.utf8.prefix(200), as: UTF8.self)).unpacking"
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .cannotWrite(path: folder, reason: systemMessage(errno)) }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .busy(path: archive, folder: destination)
        }
        for left in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            try? FileManager.default.removeItem(atPath: "\(path)/\(left)")
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        close(descriptor)
    }

    /// Bytes that are free where it lies; nil where the system does not say.
    var freeSpace: Int? {
        var status = statvfs()
        guard fstatvfs(descriptor, &status) == 0 else { return nil }
        let (bytes, overflows) = Int(truncatingIfNeeded: status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        return overflows ? nil : bytes
    }
}
