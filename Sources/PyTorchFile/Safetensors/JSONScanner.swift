/// Reads as much of JSON as a safetensors header uses: objects of known depth, strings, and lists of whole numbers.
///
/// Nothing in it recurses, so no input can nest deeper than the code that reads it.
///
/// Source: RFC 8259.
struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    // MARK: Containers

    /// Calls `body` at each value, with its key; `body` must read the value.
    mutating func readObject(
        _ body: (inout JSONScanner, _ key: String) throws(Defect) -> Void
    ) throws(Defect) {
        try expect("{")
        if skip("}") { return }
        repeat {
            let key = try readString()
            try expect(":")
            try body(&self, key)
        } while skip(",")
        try expect("}")
    }

    mutating func readIntegers(atMost limit: Int) throws(Defect) -> [Int] {
        try expect("[")
        if skip("]") { return [] }
        var integers: [Int] = []
        repeat {
            guard integers.count < limit else { throw malformed("a list is longer than \(limit) numbers") }
            integers.append(try readInteger())
        } while skip(",")
        try expect("]")
        return integers
    }

    /// Nothing but white space may be left.
    mutating func expectEnd() throws(Defect) {
        skipWhiteSpace()
        guard position == bytes.count else { throw malformed("something follows the last brace") }
    }

    // MARK: Values

    private mutating func readInteger() throws(Defect) -> Int {
        skipWhiteSpace()
        let start = position
        var number = 0
        while let digit = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
            let (product, productOverflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflows) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !productOverflows, !sumOverflows else { throw malformed("a number is too large") }
            number = sum
            position += 1
        }
        // A sign, a fraction or an exponent is met by whoever expects a comma or a bracket next.
        guard position > start, position == start + 1 || bytes[start] != UInt8(ascii: "0") else {
            throw malformed("a whole number is expected")
        }
        return number
    }

    mutating func readString() throws(Defect) -> String {
        try expect("\"")
        var text: [UInt8] = []
        var start = position
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<position]
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else { throw malformed("a string is not UTF-8") }
                return string
            case UInt8(ascii: "\\"):
                text += bytes[start..<position]
                position += 1
                text += String(try readEscape()).utf8
                start = position
            case 0..<0x20: throw malformed("a string holds a control character")
            default: position += 1
            }
        }
        throw malformed("a string has no end")
    }

    private mutating func readEscape() throws(Defect) -> Unicode.Scalar {
        guard let byte = peek() else { throw malformed("a string has no end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try readCodePoint()
        default: throw malformed("a string holds an unknown escape")
        }
    }

    /// Four hexadecimal digits, or twice four for code points from U+10000 on (a surrogate pair).
    private mutating func readCodePoint() throws(Defect) -> Unicode.Scalar {
        var value = try readHexadecimal()
        if (0xD800..<0xDC00).contains(value), peek() == UInt8(ascii: "\\") {
            position += 1
            guard peek() == UInt8(ascii: "u") else { throw malformed("half a code point is escaped") }
            position += 1
            let second = try readHexadecimal()
            guard (0xDC00..<0xE000).contains(second) else { throw malformed("half a code point is escaped") }
            value = 0x10000 + (value - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw malformed("half a code point is escaped") }
        return scalar
    }

    private mutating func readHexadecimal() throws(Defect) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw malformed("an escape lacks its four digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhiteSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Moves past `character` if that is next.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipWhiteSpace()
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Defect) {
        guard skip(character) else { throw malformed("'\(character)' is expected") }
    }

    private func malformed(_ reason: String) -> Defect {
        .malformed("its header is wrong at byte \(position): \(reason)")
    }
}
