import Downloads
import Foundation

/// Looks for the files that a source of annotations consists of.
enum SourceFiles {
    static func exists(_ path: String) -> Bool { FileStatus(path) != nil }

    static func isFolder(_ path: String) -> Bool { FileStatus(path)?.kind == .folder }

    /// Names of the files and folders in a folder, sorted by bytes, without hidden ones.
    static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Paths of the files in a folder that end in a suffix (`json`), sorted.
    static func files(in folder: String, suffix: String) -> [String] {
        names(in: folder).map { folder.appendingPart($0) }
            .filter { $0.pathSuffix == suffix && FileStatus($0)?.kind == .file }
    }

    /// The folder that a file or folder is in; `.` for one in the working folder.
    static func parent(_ path: String) -> String {
        if [".", ".."].contains(path.lastPart) { return "\(path)/.." }
        let folder = path.parentFolder
        return folder.isEmpty ? "." : folder
    }
}
