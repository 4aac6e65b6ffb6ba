import Foundation

/// What a path leads to.
struct FileStatus: Hashable {
    enum Kind { case file, folder, link, other }

    let kind: Kind
    /// Which file it is, whatever its path.
    let device: UInt64
    let number: UInt64

    /// Nil if there is nothing, or nothing that may be looked at.
    ///
    /// - Parameter followingLinks: Whether the status is that of what a link leads to.
    init?(_ path: String, followingLinks: Bool = true) {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        kind = switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }

    /// Whether two paths lead to one file.
    static func isSame(_ first: String, _ second: String) -> Bool {
        guard let first = FileStatus(first), let second = FileStatus(second) else { return false }
        return first == second
    }
}
