/// Reads an archive's directory.
struct ZipDirectoryReader {
    private let file: ZipFile
    private let limits: ZipArchive.Limits

    init(_ file: ZipFile, _ limits: ZipArchive.Limits) {
        self.file = file
        self.limits = limits
    }

    func entries() throws(ArchiveError) -> [ZipArchive.Entry] {
        let place = try locate()
        guard place.offset <= file.count, place.size <= file.count - place.offset else {
            throw damage("its directory lies outside of the file")
        }
        guard place.count <= place.size / Self.smallestRecord else {
            throw damage("it claims \(place.count) entries in a directory of \(place.size) bytes")
        }
        guard place.count <= limits.entries else { throw .tooLarge(path: file.path, reason: "it holds \(place.count) entries") }
        // A file with holes may be of any size at no cost.
        guard place.size <= limits.directorySize else {
            throw .tooLarge(path: file.path, reason: "it has a directory of \(place.size) bytes; \(limits.directorySize) are accepted")
        }
        let bytes = try file.read(place.offset..<place.offset + place.size, of: "its directory")
        var reader = RecordReader(bytes[...], of: file.path, subject: "its directory")
        var entries: [ZipArchive.Entry] = []
        entries.reserveCapacity(place.count)
        for _ in 0..<place.count {
            if let entry = try readEntry(&reader) { entries.append(entry) }
        }
        try checkNames(entries)
        try checkSizes(entries)
        return entries
    }

    // MARK: End of the directory

    private typealias Place = (offset: Int, size: Int, count: Int)

    private func locate() throws(ArchiveError) -> Place {
        // The end record is 22 bytes and a comment of up to 65535, so it is searched from the back.
        let tailStart = max(0, file.count - 22 - 0xFFFF)
        let tail = try file.read(tailStart..<file.count, of: "its end")
        var position = tail.count - 22
        while position >= 0, !isEnd(tail, at: position) { position -= 1 }
        guard position >= 0 else { throw try notAnArchive() }

        var reader = RecordReader(tail[(position + 4)...], of: file.path, subject: "its end record")
        let disks = (try reader.read(UInt16.self), try reader.read(UInt16.self))
        try reader.skip(2)
        let count = try reader.read(UInt16.self)
        let size = try reader.read(UInt32.self)
        let offset = try reader.read(UInt32.self)
        if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, let wide = try locateWide(before: tailStart + position) {
            return wide
        }
        guard disks == (0, 0) else { throw .unsupported(path: file.path, reason: "it is one of several parts; join them first") }
        return (offset, size, count)
    }

    private func isEnd(_ tail: [UInt8], at position: Int) -> Bool {
        guard tail[position...].starts(with: Signature.end) else { return false }
        let comment = Int(tail[position + 20]) | Int(tail[position + 21]) << 8
        return comment == tail.count - position - 22
    }

    /// By the zip64 records, which stand before the end record where a number does not fit it.
    private func locateWide(before end: Int) throws(ArchiveError) -> Place? {
        guard end >= 20 else { return nil }
        let locator = try file.read(end - 20..<end, of: "its zip64 locator")
        guard locator.starts(with: Signature.wideLocator) else { return nil }
        var reader = RecordReader(locator[8...], of: file.path, subject: "its zip64 locator")
        let start = try reader.read(UInt64.self)
        guard start <= file.count - 56 else { throw damage("its zip64 end record lies outside of the file") }
        let bytes = try file.read(start..<start + 56, of: "its zip64 end record")
        guard bytes.starts(with: Signature.wideEnd) else { throw damage("its zip64 end record is not where it should be") }
        var record = RecordReader(bytes[32...], of: file.path, subject: "its zip64 end record")
        let count = try record.read(UInt64.self)
        let size = try record.read(UInt64.self)
        return (try record.read(UInt64.self), size, count)
    }

    private func notAnArchive() throws(ArchiveError) -> ArchiveError {
        let start = try file.read(0..<min(4, file.count), of: "its start")
        if start.starts(with: [0x50, 0x4B, 3, 4]) { return damage("it is cut short at \(file.count) bytes") }
        if start.starts(with: [0x1F, 0x8B]) {
            return .unsupported(path: file.path, reason: "it is compressed with gzip; unpack it yourself: tar xzf '\(file.path)'")
        }
        return .unsupported(path: file.path, reason: file.count == 0 ? "it is empty" : "it is no zip archive")
    }

    // MARK: Entries

    private static let smallestRecord = 46

    /// - Returns: nil for what is not worth unpacking.
    private func readEntry(_ reader: inout RecordReader) throws(ArchiveError) -> ZipArchive.Entry? {
        guard try reader.take(4).elementsEqual(Signature.entry) else { throw damage("its directory is broken") }
        try reader.skip(1)
        let madeBy = try reader.read(UInt8.self)
        try reader.skip(2)
        let flags = try reader.read(UInt16.self)
        let method = try reader.read(UInt16.self)
        try reader.skip(4)
        let checksum = UInt32(truncatingIfNeeded: try reader.read(UInt32.self))
        var packedSize = try reader.read(UInt32.self)
        var size = try reader.read(UInt32.self)
        let nameCount = try reader.read(UInt16.self)
        let extraCount = try reader.read(UInt16.self)
        let commentCount = try reader.read(UInt16.self)
        try reader.skip(4)
        let attributes = try reader.read(UInt32.self)
        var header = try reader.read(UInt32.self)
        let nameBytes = try reader.take(nameCount)
        let extra = try reader.take(extraCount)
        try reader.skip(commentCount)
        try readWide(extra, size: &size, packedSize: &packedSize, header: &header)

        let (name, components) = try self.name(nameBytes, isUnicode: flags & 1 << 11 != 0)
        if components.isEmpty || ZipEntryName.isLitter(components) { return nil }
        guard flags & 1 == 0 else {
            throw .unsupported(path: file.path, reason: "its entry '\(name)' is encrypted; unpack it yourself with its password")
        }
        guard method == 0 || method == 8 else {
            throw .unsupported(
                path: file.path, reason: "its entry '\(name)' is compressed by method \(method); unpack it yourself with 7z or unzip")
        }
        let isFolder = name.hasTrailingSlash
        try checkKind(madeBy == Self.unix ? attributes >> 16 & 0o170000 : 0, name, isFolder: isFolder)
        guard !isFolder || size == 0 else { throw damage("its folder '\(name)' has content") }
        guard method == 8 || size == packedSize else { throw damage("its entry '\(name)' has two different sizes") }
        return ZipArchive.Entry(
            path: components.joined(separator: "/"), isFolder: isFolder, size: size, packedSize: packedSize, checksum: checksum,
            isDeflated: method == 8, header: header)
    }

    private static let unix = 3

    private func name(_ bytes: ArraySlice<UInt8>, isUnicode: Bool) throws(ArchiveError) -> (String, [String]) {
        var name = String(decoding: bytes, as: UTF8.self)
        do throws(ZipEntryName.Fault) {
            name = try ZipEntryName.decoded(bytes, isUnicode: isUnicode)
            return (name, try ZipEntryName.components(of: name))
        } catch {
            throw .unsafeEntry(path: file.path, entry: name, reason: error.reason)
        }
    }

    /// - Parameter mode: the type of file by Unix; 0 where it is not said.
    private func checkKind(_ mode: Int, _ name: String, isFolder: Bool) throws(ArchiveError) {
        switch mode {
        case 0, 0o100000, 0o040000: return
        case 0o120000: throw .unsafeEntry(path: file.path, entry: name, reason: "is a symbolic link")
        default: throw .unsafeEntry(path: file.path, entry: name, reason: "is no ordinary file")
        }
    }

    /// Replaces each number that is all ones by its 64-bit value from extra field 1, which lists them in this order.
    private func readWide(
        _ extra: ArraySlice<UInt8>, size: inout Int, packedSize: inout Int, header: inout Int
    ) throws(ArchiveError) {
        let marker = 0xFFFF_FFFF
        guard size == marker || packedSize == marker || header == marker else { return }
        var reader = RecordReader(extra, of: file.path, subject: "the zip64 field of an entry")
        while !reader.isAtEnd {
            let kind = try reader.read(UInt16.self)
            let field = try reader.take(try reader.read(UInt16.self))
            guard kind == 1 else { continue }
            var wide = RecordReader(field, of: file.path, subject: "the zip64 field of an entry")
            if size == marker { size = try wide.read(UInt64.self) }
            if packedSize == marker { packedSize = try wide.read(UInt64.self) }
            if header == marker { header = try wide.read(UInt64.self) }
            return
        }
    }

    // MARK: Checks of all entries

    /// No name may stand twice, nor be a file and a folder at once.
    private func checkNames(_ entries: [ZipArchive.Entry]) throws(ArchiveError) {
        var files: Set<String> = []
        for entry in entries where !entry.isFolder {
            guard files.insert(entry.path).inserted else {
                throw .unsafeEntry(path: file.path, entry: entry.path, reason: "stands twice in it")
            }
        }
        var folders: Set<String> = []
        for entry in entries {
            var folder = entry.isFolder ? entry.path : entry.path.parentFolder
            while !folder.isEmpty, folders.insert(folder).inserted {
                guard !files.contains(folder) else {
                    throw .unsafeEntry(path: file.path, entry: folder, reason: "is a file and a folder at once")
                }
                folder = folder.parentFolder
            }
        }
    }

    private func checkSizes(_ entries: [ZipArchive.Entry]) throws(ArchiveError) {
        let floor = 64 << 20
        let (scaled, overflows) = file.count.multipliedReportingOverflow(by: limits.ratio)
        let allowed = min(limits.totalSize, max(floor, overflows ? .max : scaled))
        var total = 0
        for entry in entries {
            guard entry.size <= allowed - total else {
                throw .tooLarge(
                    path: file.path,
                    reason: "its entries have more than \(allowed) bytes together, far more than fits an archive of \(file.count)")
            }
            total += entry.size
        }
        // Entries that lie on top of each other would let a small file stand for any amount of data.
        var end = 0
        for entry in entries.sorted(by: { $0.header < $1.header }) {
            guard entry.header >= end, entry.packedSize <= file.count - entry.header else {
                throw damage("its entry '\(entry.path)' lies outside of the file or on another one")
            }
            end = entry.header + ZipArchive.smallestHeader + entry.packedSize
        }
    }

    private func damage(_ reason: String) -> ArchiveError { .damaged(path: file.path, reason: reason) }

    private enum Signature {
        static let entry: [UInt8] = [0x50, 0x4B, 1, 2]
        static let end: [UInt8] = [0x50, 0x4B, 5, 6]
        static let wideEnd: [UInt8] = [0x50, 0x4B, 6, 6]
        static let wideLocator: [UInt8] = [0x50, 0x4B, 6, 7]
    }
}
