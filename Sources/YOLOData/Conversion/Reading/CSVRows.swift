/// The rows of a table of values separated by commas; a value in double quotes may hold commas, and doubled quotes.
///
/// A value does not go over the end of a line: no table of annotations needs that.
/// - Source: RFC 4180.
struct CSVRows: Sequence, IteratorProtocol {
    struct Row: Hashable {
        /// Counts from 1.
        let line: Int
        let values: [String]

        /// A value as a number; nil if there is none, or it is not finite.
        func number(_ index: Int) -> Double? {
            guard values.indices.contains(index), let number = Double(values[index]), number.isFinite else { return nil }
            return number
        }
    }

    private var lines: Array<Slice<UnsafeRawBufferPointer>>.Iterator
    private var line = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).makeIterator()
    }

    /// The next row that is not empty.
    mutating func next() -> Row? {
        while let bytes = lines.next() {
            line += 1
            let text = String(decoding: bytes, as: UTF8.self)
            let values = Self.values(text)
            if values != [""] { return Row(line: line, values: values) }
        }
        return nil
    }

    /// Without white space around values.
    private static func values(_ line: String) -> [String] {
        var values: [String] = []
        var value = String.UnicodeScalarView()
        var isQuoted = false
        for scalar in line.unicodeScalars {
            if scalar == "\"" {
                // A doubled quote closes and opens again; the quote itself is of no use in numbers and names.
                isQuoted.toggle()
            } else if scalar == ",", !isQuoted {
                values.append(trimmed(value))
                value = String.UnicodeScalarView()
            } else {
                value.append(scalar)
            }
        }
        values.append(trimmed(value))
        return values
    }

    private static func trimmed(_ value: String.UnicodeScalarView) -> String {
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        guard let first = value.firstIndex(where: { !isSpace($0) }), let last = value.lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(value[first...last])
    }
}
