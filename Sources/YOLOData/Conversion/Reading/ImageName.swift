import Downloads

/// The name of an image as annotations give it, made safe to use below a folder.
enum ImageName {
    /// What cannot be used, and why.
    struct Defect: Error {
        let reason: String
    }

    /// The path of an image below its split's folder.
    ///
    /// `\` separates folders as `/` does. Of absolute paths and addresses only the last part counts, and folders up to one
    /// called `images` do not: a label is found by the last `images` of its image's path.
    /// - Throws: for a name that would lead out of the folder, that no file can have, or that no image format has.
    static func checked(_ name: String) throws(Defect) -> String {
        guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw Defect(reason: "its name holds a control character")
        }
        let path = String(decoding: name.utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
        let isAbsolute = path.utf8.first == UInt8(ascii: "/") || path.utf8.dropFirst().starts(with: ":/".utf8) || path.contains("://")
        var parts = path.pathParts.filter { $0 != "." }
        guard !parts.contains("..") else { throw Defect(reason: "its name leads out of the folder of images") }
        if isAbsolute { parts = parts.suffix(1) }
        if let images = parts.dropLast().lastIndex(of: "images") { parts.removeSubrange(...images) }
        guard let last = parts.last else { throw Defect(reason: "it has no name") }
        guard parts.allSatisfy({ $0.utf8.count <= 250 }), parts.reduce(0, { $0 + $1.utf8.count + 1 }) <= 1000 else {
            throw Defect(reason: "its name is too long for a file")
        }
        guard ImagePaths.suffixes.contains(last.pathSuffix) else {
            throw Defect(reason: "its name does not end as an image's does (\(ImagePaths.suffixes.joined(separator: ", ")))")
        }
        return parts.joined(separator: "/")
    }
}
