/// Why an archive was not unpacked. Where one is thrown, nothing of the archive is in its folder.
package enum ArchiveError: Error, Hashable, Sendable {
    case cannotRead(path: String, reason: String)
    /// It contradicts itself, or is cut short.
    case damaged(path: String, reason: String)
    /// As `damaged`, of an archive that was fetched, by this call or an earlier one. Then it was removed, or it is up to the user.
    case arrivedDamaged(path: String, reason: String, isRemoved: Bool)
    /// It is sound, but nothing that is unpacked here.
    case unsupported(path: String, reason: String)
    /// An entry would be written where it has no business.
    case unsafeEntry(path: String, entry: String, reason: String)
    case tooLarge(path: String, reason: String)
    /// A file of the archive would replace another one.
    case fileExists(path: String, file: String)
    case busy(path: String, folder: String)
    case cannotWrite(path: String, reason: String)
    case noSpace(path: String, needed: Int, free: Int?)
}

extension ArchiveError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotRead(let path, let reason): "cannot read '\(path)': \(reason)"
        case .damaged(let path, let reason): "'\(path)' is damaged: \(reason); get it again"
        case .arrivedDamaged(let path, let reason, let isRemoved):
            "'\(path)' is damaged: \(reason); " + (isRemoved ? "it was thrown away" : "delete it") + ", and the same command fetches it again"
        case .unsupported(let path, let reason): "'\(path)' is not unpacked: \(reason)"
        case .unsafeEntry(let path, let entry, let reason):
            "'\(path)' is not unpacked: its entry '\(entry.prefix(200))' \(reason); it may be meant to do harm"
        case .tooLarge(let path, let reason): "'\(path)' is not unpacked: \(reason)"
        case .fileExists(let path, let file):
            "'\(path)' is not unpacked: '\(file)' is there already with other content; move it away, or unpack elsewhere"
        case .busy(let path, let folder): "'\(path)' is being unpacked to '\(folder)' by another process; wait for it, then try again"
        case .cannotWrite(let path, let reason): "cannot write '\(path)': \(reason)"
        case .noSpace(let path, let needed, let free):
            "the disk is full: '\(path)' needs \(needed) bytes" + (free.map { ", \($0) are free" } ?? "")
                + "; nothing of it was kept"
        }
    }
}
