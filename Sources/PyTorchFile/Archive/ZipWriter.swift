/// Writes a zip archive of stored entries, each beginning at a multiple of 64 bytes as PyTorch's do, so that a reader can
/// map a tensor where it lies.
///
/// Source: see `ZipDirectory`. Sizes and offsets from 4 GiB on go to zip64 fields.
struct ZipWriter {
    private struct Record {
        let name: [UInt8]
        let checksum: UInt32
        let size: Int
        let offset: Int
    }

    private let file: AtomicFile
    /// Numbers from here on are written as 64 bits; lowered by tests.
    private let zip64Threshold: Int
    private var records: [Record] = []

    static let alignment = 64
    /// Id of the extra field that holds the padding; PyTorch uses "FB" as well.
    private static let paddingField: UInt16 = 0x4246
    private static let unicodeName: UInt16 = 0x0800
    /// 1 January 1980, the zero of zip dates: the same content gives the same bytes.
    private static let date: UInt16 = 0x0021

    init(_ file: AtomicFile, zip64Threshold: Int = 0xFFFF_FFFF) {
        self.file = file
        self.zip64Threshold = zip64Threshold
    }

    mutating func add(_ name: String, _ data: UnsafeRawBufferPointer) throws(PyTorchFileError) {
        let record = Record(
            name: Array(name.utf8), checksum: CRC32.checksum(data), size: data.count, offset: file.count)
        try file.write(localHeader(record))
        try file.write(data)
        records.append(record)
    }

    mutating func add(_ name: String, _ data: [UInt8]) throws(PyTorchFileError) {
        let bytes = data
        try withRawBytes(of: bytes) { (raw) throws(PyTorchFileError) in try add(name, raw) }
    }

    /// Writes the directory. The file still has to be committed.
    func finish() throws(PyTorchFileError) {
        let start = file.count
        var directory: [UInt8] = []
        for record in records { append(record, to: &directory) }
        let size = directory.count
        let end = start + size
        if needsZip64(start) || needsZip64(size) || records.count >= min(0xFFFF, zip64Threshold) {
            directory.put(ZipDirectory.Signature.zip64End)
            directory.put(UInt64(44))
            directory.put(UInt16(45))
            directory.put(UInt16(45))
            directory.put(UInt32(0))
            directory.put(UInt32(0))
            directory.put(UInt64(records.count))
            directory.put(UInt64(records.count))
            directory.put(UInt64(size))
            directory.put(UInt64(start))
            directory.put(ZipDirectory.Signature.zip64Locator)
            directory.put(UInt32(0))
            directory.put(UInt64(end))
            directory.put(UInt32(1))
        }
        let count = records.count >= min(0xFFFF, zip64Threshold) ? 0xFFFF : UInt16(records.count)
        directory.put(ZipDirectory.Signature.end)
        directory.put(UInt16(0))
        directory.put(UInt16(0))
        directory.put(count)
        directory.put(count)
        directory.put(clamped(size))
        directory.put(clamped(start))
        directory.put(UInt16(0))
        try file.write(directory)
    }

    // MARK: Headers

    private func localHeader(_ record: Record) -> [UInt8] {
        var extra: [UInt8] = []
        if needsZip64(record.size) {
            extra.put(UInt16(1))
            extra.put(UInt16(16))
            extra.put(UInt64(record.size))
            extra.put(UInt64(record.size))
        }
        let unpadded = record.offset + 30 + record.name.count + extra.count + 4
        let padding = (Self.alignment - unpadded % Self.alignment) % Self.alignment
        extra.put(Self.paddingField)
        extra.put(UInt16(padding))
        extra.append(contentsOf: repeatElement(UInt8(ascii: "Z"), count: padding))

        var header: [UInt8] = []
        header.put(ZipDirectory.Signature.local)
        appendCommonFields(record, extraCount: extra.count, to: &header)
        header.append(contentsOf: record.name)
        header.append(contentsOf: extra)
        return header
    }

    private func append(_ record: Record, to directory: inout [UInt8]) {
        var wide: [UInt8] = []
        if needsZip64(record.size) {
            wide.put(UInt64(record.size))
            wide.put(UInt64(record.size))
        }
        if needsZip64(record.offset) { wide.put(UInt64(record.offset)) }
        var extra: [UInt8] = []
        if !wide.isEmpty {
            extra.put(UInt16(1))
            extra.put(UInt16(wide.count))
            extra.append(contentsOf: wide)
        }
        directory.put(ZipDirectory.Signature.entry)
        directory.put(UInt16(45))  // made by: version 4.5, MS-DOS attributes
        appendCommonFields(record, extraCount: extra.count, to: &directory)
        directory.put(UInt16(0))  // comment
        directory.put(UInt16(0))  // disk
        directory.put(UInt16(0))  // internal attributes
        directory.put(UInt32(0))  // external attributes
        directory.put(clamped(record.offset))
        directory.append(contentsOf: record.name)
        directory.append(contentsOf: extra)
    }

    /// From the version to the length of the extra field: the same in both headers.
    private func appendCommonFields(_ record: Record, extraCount: Int, to header: inout [UInt8]) {
        header.put(UInt16(needsZip64(record.size) || needsZip64(record.offset) ? 45 : 20))
        header.put(Self.unicodeName)
        header.put(UInt16(0))  // stored
        header.put(UInt16(0))  // time
        header.put(Self.date)
        header.put(record.checksum)
        header.put(clamped(record.size))
        header.put(clamped(record.size))
        header.put(UInt16(record.name.count))
        header.put(UInt16(extraCount))
    }

    private func needsZip64(_ number: Int) -> Bool { number >= zip64Threshold }

    private func clamped(_ number: Int) -> UInt32 { needsZip64(number) ? 0xFFFF_FFFF : UInt32(number) }
}

extension [UInt8] {
    /// Appends the little-endian bytes of `number`.
    mutating func put<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
        var rest = number
        for _ in 0..<MemoryLayout<Number>.size {
            append(UInt8(truncatingIfNeeded: rest))
            rest = rest >> 8
        }
    }
}
