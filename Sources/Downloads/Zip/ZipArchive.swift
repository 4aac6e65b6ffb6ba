/// A .zip file: what it holds, and how to unpack it.
///
///     let archive = try ZipArchive(path: "coco128.zip")
///     try archive.extract(to: "datasets")
///
/// Entries are stored or deflated, of any size (zip64). The archive is read by its directory; nothing that it says is believed
/// before it was checked against the file.
/// Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.4 and 4.5.3.
package struct ZipArchive {
    package struct Entry: Sendable, Hashable {
        /// Path below the folder that it is unpacked to, without a slash at its end.
        package let path: String
        package let isFolder: Bool
        /// Bytes, unpacked.
        package let size: Int
        let packedSize: Int
        let checksum: UInt32
        let isDeflated: Bool
        /// Where its local header begins.
        let header: Int
    }

    /// What an archive may be at most.
    package struct Limits: Sendable, Hashable {
        package var entries = 20_000_000
        /// Bytes of its directory, which is read as a whole. Two million images need 200 MB.
        package var directorySize = 1 << 30
        /// Bytes of all entries together, unpacked.
        package var totalSize = 2 << 40
        /// How many times as large as the archive its entries may be together; below a floor of 64 MB it does not matter.
        package var ratio = 100

        package init() {}
    }

    package let entries: [Entry]
    let file: ZipFile

    package init(path: String, limits: Limits = Limits()) throws(ArchiveError) {
        file = try ZipFile(path: path)
        entries = try ZipDirectoryReader(file, limits).entries()
    }
}

extension ZipArchive {
    static let smallestHeader = 30

    /// Where the packed bytes of an entry lie.
    func data(of entry: Entry) throws(ArchiveError) -> Range<Int> {
        guard entry.header <= file.count - Self.smallestHeader else {
            throw .damaged(path: file.path, reason: "its entry '\(entry.path)' lies outside of the file")
        }
        let bytes = try file.read(entry.header..<entry.header + Self.smallestHeader, of: "an entry")
        guard bytes.starts(with: [0x50, 0x4B, 3, 4]) else {
            throw .damaged(path: file.path, reason: "its entry '\(entry.path)' is not where its directory says")
        }
        var reader = RecordReader(bytes[26...], of: file.path, subject: "an entry")
        let start = entry.header + Self.smallestHeader + (try reader.read(UInt16.self)) + (try reader.read(UInt16.self))
        guard start <= file.count, entry.packedSize <= file.count - start else {
            throw .damaged(path: file.path, reason: "its entry '\(entry.path)' is cut short")
        }
        return start..<start + entry.packedSize
    }
}
