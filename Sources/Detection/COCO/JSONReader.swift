/// Reads JSON from memory, value by value, without building a tree of it.
///
///     try reader.readObject { reader, key in
///         if key == "id" { id = try reader.readInteger() } else { try reader.skipValue() }
///     }
///
/// Broken syntax throws; a value of another type than the one asked for is passed over and read as nil, so that it costs no
/// more than the thing that it belongs to. `NaN` and `Infinity`, which Python writes, are read as numbers.
/// - Source: RFC 8259.
package struct JSONReader {
    /// Where the syntax is broken, and how; or what else who reads the document stops at.
    package struct Defect: Error, Hashable {
        package let position: Int
        package let reason: String
        var isSyntax = true
    }

    package enum Kind {
        case object, array, string, number, other
    }

    /// More than any file of annotations needs; reading recurses once a level.
    private static let deepest = 64

    private let bytes: UnsafeRawBufferPointer
    /// Of the next byte to read.
    package private(set) var position: Int
    private var depth = 0

    package init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// What the next value looks like.
    package mutating func nextKind() -> Kind {
        skipWhiteSpace()
        guard let byte = peek() else { return .other }
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "N"), UInt8(ascii: "I"): return .number
        default: return .other
        }
    }

    /// Nothing but white space may be left.
    package mutating func expectEnd() throws(Defect) {
        skipWhiteSpace()
        guard position == bytes.count else { throw defect("something follows the end of the document") }
    }

    /// The text from `start` to here, for messages; of a longer one than 60 bytes the beginning.
    func excerpt(from start: Int) -> String {
        String(decoding: bytes[start..<min(position, start + 60)], as: UTF8.self) + (position > start + 60 ? "…" : "")
    }

    // MARK: - Containers

    /// Calls `body` at each value, with its key; `body` must read or skip the value.
    package mutating func readObject(_ body: (inout JSONReader, _ key: String) throws(Defect) -> Void) throws(Defect) {
        try open("{")
        if !skip("}") {
            repeat {
                let key = try string()
                try expect(":")
                try body(&self, key)
            } while skip(",")
            try expect("}")
        }
        depth -= 1
    }

    /// Calls `body` at each element, which it must read or skip.
    package mutating func readArray(_ body: (inout JSONReader) throws(Defect) -> Void) throws(Defect) {
        try open("[")
        if !skip("]") {
            repeat { try body(&self) } while skip(",")
            try expect("]")
        }
        depth -= 1
    }

    package mutating func skipValue() throws(Defect) {
        switch nextKind() {
        case .object: try readObject { reader, _ throws(Defect) in try reader.skipValue() }
        case .array: try readArray { reader throws(Defect) in try reader.skipValue() }
        case .string: try skipString()
        case .number: _ = try number()
        case .other: try skipLiteral()
        }
    }

    // MARK: - Values

    package mutating func readNumber() throws(Defect) -> Double? {
        guard nextKind() == .number else {
            try skipValue()
            return nil
        }
        return try number()
    }

    package mutating func readString() throws(Defect) -> String? {
        guard nextKind() == .string else {
            try skipValue()
            return nil
        }
        return try string()
    }

    /// A flag: `true`, or any number but 0.
    package mutating func readFlag() throws(Defect) -> Bool {
        if nextKind() == .number { return try number() != 0 }
        let isTrue = peek() == UInt8(ascii: "t")
        try skipValue()
        return isTrue
    }

    package mutating func readIdentifier() throws(Defect) -> AnnotationID? {
        switch nextKind() {
        case .number:
            let start = position
            let value = try number()
            // Larger ones, such as hashes of 64 bits, are not exact as a number.
            return value.magnitude < 0x1p53 ? AnnotationID(value) : .text(String(decoding: bytes[start..<position], as: UTF8.self))
        case .string: return .text(try string())
        default:
            try skipValue()
            return nil
        }
    }

    /// The numbers of a list; nil if the value is something else, or has an element that is something else. Of a longer list
    /// than `limit`, the first `limit + 1` are kept.
    package mutating func readNumbers(atMost limit: Int) throws(Defect) -> [Double]? {
        guard nextKind() == .array else {
            try skipValue()
            return nil
        }
        var numbers: [Double] = []
        var areNumbers = true
        try readArray { reader throws(Defect) in
            guard let number = try reader.readNumber() else { return areNumbers = false }
            if numbers.count <= limit { numbers.append(number) }
        }
        return areNumbers ? numbers : nil
    }
}

// MARK: - Numbers and literals

extension JSONReader {
    private mutating func number() throws(Defect) -> Double {
        let start = position
        let isNegative = skipByte(UInt8(ascii: "-"))
        if let first = peek(), first == UInt8(ascii: "N") || first == UInt8(ascii: "I") {
            try skipWord(first == UInt8(ascii: "N") ? "NaN" : "Infinity")
            return first == UInt8(ascii: "N") ? .nan : isNegative ? -.infinity : .infinity
        }
        // Up to 18 digits fit; what they cannot say exactly is left to the general reader.
        var mantissa: UInt64 = 0
        var exponent = 0
        var isExact = true
        let whole = position
        while let digit = nextDigit() {
            if mantissa < 100_000_000_000_000_000 { mantissa = mantissa * 10 + digit } else { isExact = false }
        }
        let wholeDigits = position - whole
        guard wholeDigits > 0, wholeDigits == 1 || bytes[whole] != UInt8(ascii: "0") else { throw defect("a number is expected") }
        if skipByte(UInt8(ascii: ".")) {
            let fraction = position
            while let digit = nextDigit() {
                if mantissa < 100_000_000_000_000_000 {
                    mantissa = mantissa * 10 + digit
                    exponent -= 1
                } else if digit != 0 {
                    isExact = false
                }
            }
            guard position > fraction else { throw defect("a number ends at its decimal point") }
        }
        if let letter = peek(), letter | 0x20 == UInt8(ascii: "e") {
            isExact = false
            position += 1
            if !skipByte(UInt8(ascii: "-")) { _ = skipByte(UInt8(ascii: "+")) }
            let digits = position
            while nextDigit() != nil {}
            guard position > digits else { throw defect("a number ends at its exponent") }
        }
        if isExact, mantissa < 1 << 53, exponent >= -22 {
            // Both are exact as Double, so their quotient is rounded once, as it should be.
            let value = Double(mantissa) / Self.powersOfTen[-exponent]
            return isNegative ? -value : value
        }
        return Double(String(decoding: bytes[start..<position], as: UTF8.self)) ?? .nan
    }

    private static let powersOfTen: [Double] = (0...22).map { exponent in
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    private mutating func nextDigit() -> UInt64? {
        guard let byte = peek(), byte &- UInt8(ascii: "0") < 10 else { return nil }
        position += 1
        return UInt64(byte &- UInt8(ascii: "0"))
    }

    private mutating func skipLiteral() throws(Defect) {
        switch peek() {
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: throw defect("a value is expected")
        }
    }

    private mutating func skipWord(_ word: StaticString) throws(Defect) {
        let count = word.utf8CodeUnitCount
        let isThere = position + count <= bytes.count
            && bytes[position..<position + count].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count))
        guard isThere else { throw defect("'\(word)' is expected") }
        position += count
    }
}

// MARK: - Strings

extension JSONReader {
    private mutating func string() throws(Defect) -> String {
        try expect("\"")
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            position += 1
            if byte == UInt8(ascii: "\"") { return try text(bytes[start..<position - 1]) }
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(Defect) -> String {
        var text = Array(bytes[start..<position])
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try self.text(text)
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            case 0..<0x20: throw defect("a string holds a control character")
            default: text.append(byte)
            }
        }
        throw defect("a string has no end")
    }

    private mutating func skipString() throws(Defect) {
        try expect("\"")
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): _ = try escape()
            case 0..<0x20: throw defect("a string holds a control character")
            default: continue
            }
        }
        throw defect("a string has no end")
    }

    private func text(_ bytes: some Collection<UInt8>) throws(Defect) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else { throw defect("a string is not UTF-8") }
        return string
    }

    private mutating func escape() throws(Defect) -> Unicode.Scalar {
        guard let byte = peek() else { throw defect("a string has no end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default: throw defect("a string holds an unknown escape")
        }
    }

    /// Four hexadecimal digits, or twice four for code points from U+10000 on. Half of such a pair, which Python writes for
    /// bytes that are no text, becomes the replacement character.
    private mutating func codePoint() throws(Defect) -> Unicode.Scalar {
        let first = try hexadecimal()
        if 0xD800..<0xDC00 ~= first, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let next = position
            position += 2
            let second = try hexadecimal()
            if 0xDC00..<0xE000 ~= second {
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
            position = next
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(Defect) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw defect("an escape lacks its four digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

// MARK: - Bytes

extension JSONReader {
    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipByte(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Moves past `character` if that is next.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipWhiteSpace()
        return skipByte(UInt8(ascii: character))
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Defect) {
        guard skip(character) else { throw defect("'\(character)' is expected") }
    }

    private mutating func open(_ bracket: Unicode.Scalar) throws(Defect) {
        try expect(bracket)
        depth += 1
        guard depth <= Self.deepest else { throw defect("values are nested deeper than \(Self.deepest) levels") }
    }

    private func defect(_ reason: String) -> Defect {
        Defect(position: position, reason: position < bytes.count ? reason : "the document ends early; \(reason)")
    }
}
