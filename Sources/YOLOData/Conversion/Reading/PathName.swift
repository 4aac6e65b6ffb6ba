/// Takes paths apart by the system's rules, which are those of bytes.
///
/// For Swift, a slash with an accent after it is another letter, and a comparison of such texts misses `..`; for the system it
/// is a slash. Foundation's own functions end the program for some names of one letter.
enum PathName {
    private static let slash = UInt8(ascii: "/")

    /// What lies between the slashes, without empty parts.
    static func parts(_ path: String) -> [String] {
        path.utf8.split(separator: slash).map { String(decoding: $0, as: UTF8.self) }
    }

    /// `name` in `folder`, which may be empty, or `.` for the working folder.
    static func join(_ folder: String, _ name: String) -> String {
        if folder.isEmpty || folder == "." { return name }
        return folder.utf8.last == slash ? folder + name : "\(folder)/\(name)"
    }

    /// The part behind the last slash.
    static func last(_ path: String) -> String {
        guard let place = path.utf8.lastIndex(of: slash) else { return path }
        return String(decoding: path.utf8[path.utf8.index(after: place)...], as: UTF8.self)
    }

    /// What is before the last slash; empty where there is none, `/` at the root.
    static func folder(_ path: String) -> String {
        guard let place = path.utf8.lastIndex(of: slash) else { return "" }
        return place == path.utf8.startIndex ? "/" : String(decoding: path.utf8[..<place], as: UTF8.self)
    }

    /// What is behind the last dot of the last part, in lower case; empty without one, and for hidden files.
    static func suffix(_ path: String) -> String {
        let name = last(path)
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else { return "" }
        return String(decoding: name.utf8[name.utf8.index(after: dot)...], as: UTF8.self).lowercased()
    }

    /// The path without its suffix and the dot before it.
    static func withoutSuffix(_ path: String) -> String {
        let suffix = suffix(path)
        return suffix.isEmpty ? path : String(decoding: path.utf8.dropLast(suffix.utf8.count + 1), as: UTF8.self)
    }
}
