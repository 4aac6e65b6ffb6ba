/// Reads XML as annotations use it: elements, their text, and nothing that could reach outside the file or grow in memory.
///
/// Attributes, comments and processing instructions are passed over. There are no entities but the five of XML itself and
/// numbers: a document type, which could declare others, is refused.
/// - Source: XML 1.0, fifth edition.
struct XMLReader {
    struct Defect: Error, Hashable {
        /// Counts from 1.
        let line: Int
        let reason: String
    }

    enum Event: Hashable {
        case start(String)
        /// The text directly inside the element that ends, without white space at both ends.
        case end(String, text: String)
    }

    /// More than any annotation is nested.
    private static let deepest = 64

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Open elements and their text so far.
    private var open: [(name: String, text: [UInt8])] = []
    private var hasRoot = false
    /// The end that follows an element without content.
    private var pendingEnd: Event?

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Names of the open elements from the root on.
    var path: [String] { open.map(\.name) }

    /// The next start or end of an element; nil at the end of the document.
    mutating func next() throws(Defect) -> Event? {
        if let event = pendingEnd {
            pendingEnd = nil
            return event
        }
        while position < bytes.count {
            if bytes[position] != UInt8(ascii: "<") {
                try readText()
            } else if starts(with: "<!--") {
                try skip(past: "-->", from: 4, what: "a comment")
            } else if starts(with: "<?") {
                try skip(past: "?>", from: 2, what: "a processing instruction")
            } else if starts(with: "<![CDATA[") {
                let start = position + 9
                try skip(past: "]]>", from: 9, what: "a CDATA section")
                if !open.isEmpty { open[open.count - 1].text += bytes[start..<position - 3] }
            } else if starts(with: "<!") {
                throw defect("a document type is not allowed in annotations; remove the line that begins with <!")
            } else if starts(with: "</") {
                return try readEnd()
            } else {
                return try readStart()
            }
        }
        if let last = open.last { throw defect("the element <\(last.name)> has no end; the file may be cut off") }
        guard hasRoot else { throw defect("there is no element in it") }
        return nil
    }

    private mutating func readStart() throws(Defect) -> Event {
        position += 1
        let name = try readName()
        guard !open.isEmpty || !hasRoot else { throw defect("a second element <\(name)> follows the first") }
        hasRoot = true
        var quote: UInt8?
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if let mark = quote {
                if byte == mark { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: "<"): throw defect("'<' inside the element <\(name)>")
            case UInt8(ascii: ">"):
                if bytes[position - 2] == UInt8(ascii: "/") {
                    pendingEnd = .end(name, text: "")
                } else {
                    guard open.count < Self.deepest else { throw defect("elements are nested deeper than \(Self.deepest) levels") }
                    open.append((name, []))
                }
                return .start(name)
            default: continue
            }
        }
        throw defect("the element <\(name)> has no '>'; the file may be cut off")
    }

    private mutating func readEnd() throws(Defect) -> Event {
        position += 2
        let name = try readName()
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ">") else { throw defect("</\(name) has no '>'") }
        position += 1
        guard let last = open.popLast() else { throw defect("</\(name)> ends nothing") }
        guard last.name == name else { throw defect("</\(name)> where </\(last.name)> is expected") }
        guard let text = String(validating: last.text, as: UTF8.self) else {
            throw defect("the text of <\(name)> is not UTF-8; save the file as UTF-8")
        }
        return .end(name, text: Self.trimmed(text))
    }

    private static func trimmed(_ text: String) -> String {
        let isSpace = { (character: Character) in character.isWhitespace || character.isNewline }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(text[first...last])
    }

    private mutating func readName() throws(Defect) -> String {
        let start = position
        while position < bytes.count, !Self.endsName(bytes[position]) { position += 1 }
        guard position > start, position - start <= 200, let name = String(validating: bytes[start..<position], as: UTF8.self) else {
            throw defect("an element has no name, or one that cannot be read")
        }
        return name
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: "=")].contains(byte)
    }

    private mutating func readText() throws(Defect) {
        var text: [UInt8] = []
        var start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
            if bytes[position] == UInt8(ascii: "&") {
                text += bytes[start..<position]
                text += String(try readReference()).utf8
                start = position
            } else {
                position += 1
            }
        }
        text += bytes[start..<position]
        if open.isEmpty {
            guard text.allSatisfy({ $0 <= 0x20 }) else { throw defect("this is no XML: there is text outside of all elements") }
        } else {
            open[open.count - 1].text += text
        }
    }

    /// One of the five names, or a number.
    private mutating func readReference() throws(Defect) -> Unicode.Scalar {
        let rest = bytes[position + 1..<min(position + 12, bytes.count)]
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { throw defect("'&' begins no reference; write &amp;") }
        let name = String(decoding: bytes[position + 1..<end], as: UTF8.self)
        position = end + 1
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "apos": return "'"
        case "quot": return "\""
        default:
            let value = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            guard let value, let scalar = Unicode.Scalar(value) else { throw defect("unknown reference &\(name);") }
            return scalar
        }
    }

    private mutating func skip(past end: StaticString, from offset: Int, what: String) throws(Defect) {
        let start = position
        position += offset
        while position < bytes.count {
            if starts(with: end) {
                position += end.utf8CodeUnitCount
                return
            }
            position += 1
        }
        position = start
        throw defect("\(what) has no end")
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        return position + count <= bytes.count
            && bytes[position..<position + count].elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: count))
    }

    private func defect(_ reason: String) -> Defect {
        Defect(line: 1 + bytes.prefix(position).count { $0 == UInt8(ascii: "\n") }, reason: reason)
    }
}
