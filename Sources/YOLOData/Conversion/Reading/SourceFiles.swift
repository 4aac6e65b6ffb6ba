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
        names(in: folder).map { join(folder, $0) }
            .filter { self.suffix($0) == suffix && FileStatus($0)?.kind == .file }
    }

    static func join(_ folder: String, _ name: String) -> String { PathName.join(folder, name) }

    static func name(_ path: String) -> String { PathName.last(path) }

    static func suffix(_ path: String) -> String { PathName.suffix(path) }

    /// The last part of a path, without its suffix.
    static func stem(_ path: String) -> String { PathName.withoutSuffix(PathName.last(path)) }

    /// The folder that a file or folder is in; `.` for one in the working folder.
    static func parent(_ path: String) -> String {
        if [".", ".."].contains(PathName.last(path)) { return "\(path)/.." }
        let folder = PathName.folder(path)
        return folder.isEmpty ? "." : folder
    }
}
