/// Reads little-endian numbers and slices from untrusted bytes; every access is checked.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    /// What is being read, for messages: "the archive's directory".
    private let subject: String

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0, subject: String) {
        self.bytes = bytes
        self.position = position
        self.subject = subject
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// Moves past `count` bytes and returns where they lie.
    mutating func take(_ count: Int) throws(Defect) -> Range<Int> {
        // Written so that no sum of untrusted numbers can overflow.
        guard count >= 0, position >= 0, position <= bytes.count, count <= bytes.count - position else {
            throw .malformed("\(subject) ends too early (\(count) bytes wanted at byte \(position) of \(bytes.count))")
        }
        defer { position += count }
        return position..<position + count
    }

    mutating func read<Number: FixedWidthInteger>(_: Number.Type) throws(Defect) -> Number {
        let range = try take(MemoryLayout<Number>.size)
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self))
    }

    /// An unsigned number that must fit `Int`.
    mutating func readCount<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type) throws(Defect) -> Int {
        let number = try read(type)
        guard let count = Int(exactly: number) else { throw .malformed("\(subject) holds the impossible number \(number)") }
        return count
    }

    /// Moves past the next line feed and returns the line before it.
    mutating func takeLine() throws(Defect) -> Range<Int> {
        let start = position
        guard position < bytes.count, let end = bytes[position...].firstIndex(of: 0x0A) else {
            throw .malformed("\(subject) ends within a name")
        }
        position = end + 1
        return start..<end
    }

    mutating func skip(_ count: Int) throws(Defect) {
        _ = try take(count)
    }
}

extension UnsafeRawBufferPointer {
    /// The text in `range`, which must lie inside. Bytes that are no UTF-8 become U+FFFD.
    func text(in range: Range<Int>) -> String {
        String(decoding: self[range], as: UTF8.self)
    }
}
