import Downloads
import Foundation
import Imaging

/// The image files that a `train:`, `val:` or `test:` entry stands for.
package enum ImagePaths {
    /// Suffixes of the formats that are read, in lower case.
    package static let suffixes = ImageFormat.suffixes

    /// Lists the images of folders (searched in depth, links followed) and of `.txt` lists (one path a line;
    /// lines starting with `./` are relative to the list's folder), sorted by path, each once.
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
        let images = paths.filter(isImage)
        guard !images.isEmpty else {
            throw .noImages(sources: sources, lookedFor: suffixes.map { "." + $0 })
        }
        return sortedByBytes(images)
    }

    /// The label file of an image: the last `/images/` of its path replaced by `/labels/`, the suffix by `txt`.
    package static func labelPath(forImage path: String) -> String {
        let bytes = path.utf8
        let folder = lastOccurrence(of: imagesFolder, in: bytes)
        var label: [UInt8] = []
        label.reserveCapacity(bytes.count + 5)
        if let folder {
            label.append(contentsOf: bytes[..<folder])
            label.append(contentsOf: labelsFolder)
            label.append(contentsOf: bytes[bytes.index(folder, offsetBy: imagesFolder.count)...])
        } else {
            label.append(contentsOf: bytes)
        }
        let name = label.lastIndex(of: UInt8(ascii: "/")) ?? 0
        if let dot = label[name...].lastIndex(of: UInt8(ascii: ".")) { label.removeSubrange(dot...) }
        label.append(contentsOf: ".txt".utf8)
        return String(decoding: label, as: UTF8.self)
    }

    private static let imagesFolder = Array("/images/".utf8), labelsFolder = Array("/labels/".utf8)

    private static func lastOccurrence(of pattern: [UInt8], in text: String.UTF8View) -> String.UTF8View.Index? {
        guard text.count >= pattern.count else { return nil }
        var start = text.index(text.endIndex, offsetBy: -pattern.count)
        while true {
            if text[start...].starts(with: pattern) { return start }
            guard start > text.startIndex else { return nil }
            start = text.index(before: start)
        }
    }

    private static func isImage(_ path: String) -> Bool {
        let bytes = path.utf8
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")) else { return false }
        let suffix = bytes[bytes.index(after: dot)...]
        return suffix.count <= 4 && suffixes.contains { known in
            known.utf8.elementsEqual(suffix.lazy.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 + 32 : $0 })
        }
    }

    /// By bytes, not by locale: the order of the samples must not depend on the machine. A path that is named twice, by two
    /// sources or lines, counts once.
    private static func sortedByBytes(_ paths: [String]) -> [String] {
        let sorted = paths.sorted { first, second in
            let order = first.utf8.withContiguousStorageIfAvailable { first in
                second.utf8.withContiguousStorageIfAvailable { first.order(before: $0) < 0 }
            }
            return (order ?? nil) ?? first.utf8.lexicographicallyPrecedes(second.utf8)
        }
        var unique: [String] = []
        unique.reserveCapacity(sorted.count)
        for path in sorted where unique.last.map({ !$0.utf8.elementsEqual(path.utf8) }) ?? true { unique.append(path) }
        return unique
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
        let folder = list.parentFolder
        return text.withoutByteOrderMark.split(whereSeparator: \.isNewline).compactMap { line in
            let path = line.trimmingCharacters(in: .whitespaces)
            guard !path.isEmpty else { return nil }
            return path.hasPrefix("./") ? (folder.isEmpty ? "." : folder) + path.dropFirst() : path
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Negative where these bytes come before others in lexicographic order, 0 where they are the same.
    func order(before other: UnsafeBufferPointer<UInt8>) -> Int {
        guard let start = baseAddress, let otherStart = other.baseAddress else { return count - other.count }
        let common = memcmp(start, otherStart, Swift.min(count, other.count))
        return common == 0 ? count - other.count : Int(common)
    }
}
