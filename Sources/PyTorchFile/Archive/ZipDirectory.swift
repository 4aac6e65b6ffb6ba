/// The entries of a zip archive whose entries are all stored without compression, as PyTorch writes them.
///
/// Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14–4.3.16 (end records) and
/// 4.5.3 (zip64 sizes).
struct ZipDirectory {
    struct Entry {
        let name: String
        /// Where the entry's bytes lie in the file.
        let data: Range<Int>
        let checksum: UInt32
        /// Where the entry's header begins.
        fileprivate let start: Int
    }

    let entries: [Entry]
    private let positions: [String: Int]

    subscript(name: String) -> Entry? {
        positions[name].map { entries[$0] }
    }

    init(_ file: UnsafeRawBufferPointer) throws(Defect) {
        let location = try Self.locate(in: file)
        var reader = ByteReader(file, at: location.offset, subject: "the archive's directory")
        // A record takes 46 bytes at least, so a lying count cannot make this reserve more than the file's own size.
        guard location.count <= file.count / 46 else {
            throw .malformed("the archive claims \(location.count) entries in \(file.count) bytes")
        }
        guard location.count <= Limits.archiveEntries else {
            throw .unsupported("its archive holds \(location.count) entries, more than \(Limits.archiveEntries)")
        }
        var entries: [Entry] = []
        var positions: [String: Int] = [:]
        entries.reserveCapacity(location.count)
        positions.reserveCapacity(location.count)
        for _ in 0..<location.count {
            let entry = try Self.readEntry(&reader)
            guard positions.updateValue(entries.count, forKey: entry.name) == nil else {
                throw .malformed("the archive holds '\(entry.name)' twice")
            }
            entries.append(entry)
        }
        try Self.checkApart(entries)
        self.entries = entries
        self.positions = positions
    }

    /// Entries that lie on top of each other would let a small file stand for any amount of data.
    private static func checkApart(_ entries: [Entry]) throws(Defect) {
        var end = 0
        for entry in entries.sorted(by: { $0.start < $1.start }) {
            guard entry.start >= end else {
                throw .malformed("the entry '\(entry.name)' overlaps the one before it")
            }
            end = entry.data.upperBound
        }
    }

    // MARK: End of the directory

    private static func locate(in file: UnsafeRawBufferPointer) throws(Defect) -> (offset: Int, count: Int) {
        let end = try findEnd(in: file)
        var reader = ByteReader(file, at: end, subject: "the archive's end record")
        try reader.skip(10)
        let count = try reader.readCount(UInt16.self)
        let size = try reader.readCount(UInt32.self)
        let offset = try reader.readCount(UInt32.self)
        guard count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF else { return (offset, count) }
        return try locateZip64(in: file, before: end) ?? (offset, count)
    }

    private static func locateZip64(
        in file: UnsafeRawBufferPointer, before end: Int
    ) throws(Defect) -> (offset: Int, count: Int)? {
        guard end >= 20 else { return nil }
        var locator = ByteReader(file, at: end - 20, subject: "the archive's zip64 locator")
        guard try locator.read(UInt32.self) == Signature.zip64Locator else { return nil }
        try locator.skip(4)
        let recordOffset = try locator.readCount(UInt64.self)

        var record = ByteReader(file, at: recordOffset, subject: "the archive's zip64 end record")
        guard try record.read(UInt32.self) == Signature.zip64End else {
            throw .malformed("the archive's zip64 end record is not at byte \(recordOffset)")
        }
        try record.skip(28)
        let count = try record.readCount(UInt64.self)
        try record.skip(8)
        return (try record.readCount(UInt64.self), count)
    }

    /// The end record is 22 bytes and a comment of up to 65535, so it is searched from the back.
    private static func findEnd(in file: UnsafeRawBufferPointer) throws(Defect) -> Int {
        var position = file.count - 22
        let last = max(0, position - 0xFFFF)
        while position >= last {
            if littleEndian(file, UInt32.self, at: position) == Signature.end,
                Int(littleEndian(file, UInt16.self, at: position + 20)) <= file.count - position - 22
            {
                return position
            }
            position -= 1
        }
        throw ForeignFile.defect(of: file)
    }

    /// The caller has made sure that the bytes are there.
    private static func littleEndian<Number: FixedWidthInteger>(
        _ file: UnsafeRawBufferPointer, _: Number.Type, at offset: Int
    ) -> Number {
        Number(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    // MARK: Entries

    private static func readEntry(_ reader: inout ByteReader) throws(Defect) -> Entry {
        guard try reader.read(UInt32.self) == Signature.entry else {
            throw .malformed("the archive's directory is broken at byte \(reader.position - 4)")
        }
        try reader.skip(4)
        let flags = try reader.read(UInt16.self)
        let method = try reader.read(UInt16.self)
        try reader.skip(4)
        let checksum = try reader.read(UInt32.self)
        var storedSize = try reader.readCount(UInt32.self)
        var size = try reader.readCount(UInt32.self)
        let nameCount = try reader.readCount(UInt16.self)
        let extraCount = try reader.readCount(UInt16.self)
        let commentCount = try reader.readCount(UInt16.self)
        try reader.skip(8)
        var offset = try reader.readCount(UInt32.self)
        let nameRange = try reader.take(nameCount)
        let extraRange = try reader.take(extraCount)
        try reader.skip(commentCount)

        let name = reader.bytes.text(in: nameRange)
        try readZip64(
            UnsafeRawBufferPointer(rebasing: reader.bytes[extraRange]), size: &size, storedSize: &storedSize, offset: &offset)
        guard flags & 1 == 0 else { throw .unsupported("its entry '\(name)' is encrypted") }
        guard method == 0 else {
            throw .unsupported("its entry '\(name)' is compressed; PyTorch stores entries as they are (zip -0)")
        }
        guard size == storedSize else { throw .malformed("the entry '\(name)' has two different sizes") }

        var local = ByteReader(reader.bytes, at: offset, subject: "the entry '\(name)'")
        guard try local.read(UInt32.self) == Signature.local else {
            throw .malformed("the entry '\(name)' is not at byte \(offset)")
        }
        try local.skip(22)
        let localNameCount = try local.readCount(UInt16.self)
        let localExtraCount = try local.readCount(UInt16.self)
        let localName = try local.take(localNameCount)
        guard reader.bytes[localName].elementsEqual(reader.bytes[nameRange]) else {
            throw .malformed("the entry '\(name)' has another name at its place")
        }
        try local.skip(localExtraCount)
        return Entry(name: name, data: try local.take(size), checksum: checksum, start: offset)
    }

    /// Replaces each number that is all ones by its 64-bit value from extra field 1, which lists them in this order.
    private static func readZip64(
        _ extra: UnsafeRawBufferPointer, size: inout Int, storedSize: inout Int, offset: inout Int
    ) throws(Defect) {
        let marker = 0xFFFF_FFFF
        guard size == marker || storedSize == marker || offset == marker else { return }
        var reader = ByteReader(extra, subject: "an entry's zip64 field")
        while !reader.isAtEnd {
            let kind = try reader.read(UInt16.self)
            let count = try reader.readCount(UInt16.self)
            guard kind == 1 else {
                try reader.skip(count)
                continue
            }
            if size == marker { size = try reader.readCount(UInt64.self) }
            if storedSize == marker { storedSize = try reader.readCount(UInt64.self) }
            if offset == marker { offset = try reader.readCount(UInt64.self) }
            return
        }
    }

    enum Signature {
        static let local: UInt32 = 0x0403_4B50
        static let entry: UInt32 = 0x0201_4B50
        static let end: UInt32 = 0x0605_4B50
        static let zip64End: UInt32 = 0x0606_4B50
        static let zip64Locator: UInt32 = 0x0706_4B50
    }
}
