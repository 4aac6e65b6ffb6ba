/// Paths by the system's rules: of bytes.
///
/// For Swift, a slash with an accent after it is another letter, and a comparison of such texts misses `..`; the system sees a
/// slash. Foundation's own functions end the program for some names of one letter.
extension String {
    private static let slash = UInt8(ascii: "/")

    /// What lies between the slashes, without empty parts.
    package var pathParts: [String] {
        utf8.split(separator: Self.slash).map { String(decoding: $0, as: UTF8.self) }
    }

    package var isAbsolutePath: Bool { utf8.first == Self.slash }

    package var hasTrailingSlash: Bool { utf8.last == Self.slash }

    /// All before the last slash; empty where there is none, `/` for what lies at the root.
    package var parentFolder: String {
        guard let slash = utf8.lastIndex(of: Self.slash) else { return "" }
        return slash == utf8.startIndex ? "/" : String(decoding: utf8[..<slash], as: UTF8.self)
    }

    /// All behind the last slash.
    package var lastPart: String {
        guard let slash = utf8.lastIndex(of: Self.slash) else { return self }
        return String(decoding: utf8[utf8.index(after: slash)...], as: UTF8.self)
    }

    /// The path of `name` in this folder, which may be empty, or `.` for the working folder.
    package func appendingPart(_ name: String) -> String {
        if isEmpty || self == "." { return name }
        return hasTrailingSlash ? self + name : "\(self)/\(name)"
    }

    /// What is behind the last dot of the last part, in lower case; empty without one, and for hidden files.
    package var pathSuffix: String {
        let name = lastPart
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else { return "" }
        return String(decoding: name.utf8[name.utf8.index(after: dot)...], as: UTF8.self).lowercased()
    }

    /// The path without its suffix and the dot before it.
    package var withoutPathSuffix: String {
        guard !pathSuffix.isEmpty, let dot = utf8.lastIndex(of: UInt8(ascii: ".")) else { return self }
        return String(decoding: utf8[..<dot], as: UTF8.self)
    }
}
