import Downloads
import Foundation

/// What the label files of images are called: `cat.txt` for `…/cat.jpg`, as in the reference.
///
/// Images that share their name get folders, as the images have them, below the one that all of these share: `a/1.txt` and
/// `b/1.txt`. The reference writes the objects of both into one file.
struct LabelFileNames {
    /// Paths below the folder of label files, of the images that share their name.
    private let special: [String: String]

    /// - Parameter paths: of all images that label files are written for.
    init(_ paths: [String]) {
        let sharing = Dictionary(grouping: Set(paths), by: Self.plainName).values.filter { $0.count > 1 }
        let parts = Dictionary(uniqueKeysWithValues: sharing.joined().map { ($0, Self.absoluteParts($0)) })
        let depth = Self.sharedDepth(of: parts.values)
        var special: [String: String] = [:]
        for group in sharing {
            let folders = group.map { (parts[$0] ?? []).dropFirst(depth).dropLast().joined(separator: "/") }
            // Images of one folder differ in their suffix.
            let timesTaken = Dictionary(folders.map { ($0, 1) }, uniquingKeysWith: +)
            for (path, folder) in zip(group, folders) {
                special[path] = folder.appendingPart(timesTaken[folder] == 1 ? Self.plainName(path) : path.lastPart + ".txt")
            }
        }
        self.special = special
    }

    /// Images whose files lie elsewhere than the reference's.
    var specialCount: Int { special.count }

    subscript(path: String) -> String { special[path] ?? Self.plainName(path) }

    private static func plainName(_ path: String) -> String { path.lastPart.withoutPathSuffix + ".txt" }

    /// Without `.` and `..`: no name may lead out of the folder.
    private static func absoluteParts(_ path: String) -> [String] {
        let whole = path.isAbsolutePath ? path : FileManager.default.currentDirectoryPath.appendingPart(path)
        var parts: [String] = []
        for part in whole.pathParts where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts
    }

    /// The number of folders that all paths begin with.
    private static func sharedDepth(of paths: some Collection<[String]>) -> Int {
        guard let first = paths.first else { return 0 }
        var depth = first.count - 1
        for path in paths { depth = min(depth, zip(first, path.dropLast()).prefix { $0 == $1 }.count) }
        return depth
    }
}
