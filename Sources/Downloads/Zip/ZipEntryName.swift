/// The name of an archive's entry as a path below the folder that it is unpacked to.
enum ZipEntryName {
    /// What is wrong with a name, in words that follow the entry's name.
    struct Fault: Error {
        let reason: String
    }

    private static let longest = 4096
    private static let deepest = 100

    /// - Parameter isUnicode: whether the entry says that its name is UTF-8.
    static func decoded(_ bytes: ArraySlice<UInt8>, isUnicode: Bool) throws(Fault) -> String {
        // Many programs write UTF-8 and do not say so. What is none is in the old alphabet of DOS, by which the format began.
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        guard !isUnicode else { throw Fault(reason: "has a name that is not UTF-8") }
        return String(bytes.map { $0 < 0x80 ? Character(Unicode.Scalar($0)) : codePage437[Int($0) - 0x80] })
    }

    /// The parts of a name that is safe to write to: relative, and never upwards.
    static func components(of name: String) throws(Fault) -> [String] {
        guard name.utf8.count <= longest else { throw Fault(reason: "has a name of \(name.utf8.count) bytes") }
        guard !name.utf8.contains(UInt8(ascii: "\\")) else { throw Fault(reason: "has a backslash in its name") }
        guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw Fault(reason: "has control characters in its name")
        }
        guard !name.isAbsolutePath else { throw Fault(reason: "has an absolute path") }
        if let first = name.utf8.first, name.utf8.dropFirst().first == UInt8(ascii: ":"), isLetter(first) {
            throw Fault(reason: "names a drive")
        }
        let components = name.pathParts.filter { $0 != "." }
        guard !components.contains("..") else { throw Fault(reason: "leads out of its folder") }
        guard components.count <= deepest else { throw Fault(reason: "is nested \(components.count) folders deep") }
        return components
    }

    /// What macOS puts into archives beside the files.
    static func isLitter(_ components: [String]) -> Bool {
        components.first == "__MACOSX" || components.last == ".DS_Store"
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & ~0x20) }

    private static let codePage437 = Array(
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
            + "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}")
}
