/// Paths by the system's rules: of bytes. For Swift, a slash with an accent after it is another letter; the system sees a slash.
extension String {
    /// What lies between the slashes, without empty parts.
    package var pathParts: [String] {
        utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }

    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    package var hasTrailingSlash: Bool { utf8.last == UInt8(ascii: "/") }

    /// All before the last slash; empty where there is none, `/` for what lies at the root.
    package var parentFolder: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return slash == utf8.startIndex ? "/" : String(decoding: utf8[..<slash], as: UTF8.self)
    }

    /// All behind the last slash.
    package var lastPart: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
        return String(decoding: utf8[utf8.index(after: slash)...], as: UTF8.self)
    }
}
