import Foundation

/// The image files that a `train:`, `val:` or `test:` entry stands for.
package enum ImagePaths {
    /// Suffixes of the formats that are read, in lower case.
    package static let suffixes = ["bmp", "jpeg", "jpg", "png", "tif", "tiff", "webp"]

    /// Lists the images of folders (searched in depth, links followed) and of `.txt` lists (one path a line;
    /// lines starting with `./` are relative to the list's folder), sorted by path.
    ///
    /// - Throws: `DataError.notFound` for a source that does not exist, `DataError.noImages` if there is not one image.
    package static func list(_ sources: [String]) throws(DataError) -> [String] {
        var paths: [String] = []
        for source in sources {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder) else {
                throw .notFound(source, tried: [source], hint: nil)
            }
            paths += isFolder.boolValue ? filesBelow(source) : try lines(of: source)
        }
        let images = paths.filter { suffixes.contains(pathSuffix($0)) }
        guard !images.isEmpty else {
            throw .noImages(sources: sources, lookedFor: suffixes.map { "." + $0 })
        }
        // Bytes, not locale: the order of the samples must not depend on the machine.
        return images.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The label file of an image: the last `/images/` of its path replaced by `/labels/`, the suffix by `txt`.
    package static func labelPath(forImage path: String) -> String {
        var label = path
        if let folder = label.range(of: "/images/", options: .backwards) {
            label.replaceSubrange(folder, with: "/labels/")
        }
        if let dot = label.lastIndex(of: "."), !label[dot...].contains("/") {
            label.removeSubrange(dot...)
        }
        return label + ".txt"
    }

    private static func pathSuffix(_ path: String) -> String {
        path.lastIndex(of: ".").map { path[path.index(after: $0)...].lowercased() } ?? ""
    }

    /// All files below a folder, by absolute paths: that of `images/a.jpg` has the `/images/` by which labels are found.
    private static func filesBelow(_ folder: String) -> [String] {
        FolderSearch(URL(fileURLWithPath: folder, isDirectory: true).path).files
    }

    private static func lines(of list: String) throws(DataError) -> [String] {
        let text: String
        do {
            text = try String(contentsOfFile: list, encoding: .utf8)
        } catch {
            throw .fileAccess(path: list, reason: "cannot be read as a text list of image paths")
        }
        let folder = (list as NSString).deletingLastPathComponent
        return text.withoutByteOrderMark.split(whereSeparator: \.isNewline).compactMap { line in
            let path = line.trimmingCharacters(in: .whitespaces)
            guard !path.isEmpty else { return nil }
            return path.hasPrefix("./") ? (folder.isEmpty ? "." : folder) + path.dropFirst() : path
        }
    }
}
