extension ImageHeader {
    /// Reads the first directory of a TIFF or a DNG. Source: TIFF 6.0, section 2.
    init?(tiff bytes: FileBytes) {
        guard let directory = TIFFDirectory(bytes), let width = directory.width, let height = directory.height else { return nil }
        self.init(format: .tiff, width: width, height: height, orientation: directory.orientation ?? 1)
    }
}

/// What the first directory of a TIFF says that matters here. EXIF blocks have the same structure.
struct TIFFDirectory {
    private(set) var width, height: Int?
    /// 1...8.
    private(set) var orientation: Int?

    init?(_ bytes: FileBytes) {
        let isLittleEndian = bytes.starts(with: Array("II".utf8))
        guard isLittleEndian || bytes.starts(with: Array("MM".utf8)) else { return nil }
        func number(_ length: Int, _ offset: Int) -> Int? { bytes.number(length, at: offset, isLittleEndian: isLittleEndian) }
        // BigTIFF has the version 43 and offsets of eight bytes instead of four.
        let isBig = number(2, 2) == 43
        let (offsetBytes, countBytes, entryBytes) = isBig ? (8, 8, 20) : (4, 2, 12)
        guard let directory = number(offsetBytes, isBig ? 8 : 4), let count = number(countBytes, directory) else { return nil }
        // A directory may claim more entries than there are bytes: the first that cannot be read ends it.
        for entry in 0..<min(count, 1 << 16) {
            let offset = directory + countBytes + entryBytes * entry
            guard let tag = number(2, offset), let type = number(2, offset + 2) else { break }
            let value = offset + 4 + offsetBytes
            // A short (3) stands in the first bytes of the field, which has room for a long (4).
            guard tag == 0x0100 || tag == 0x0101 || tag == 0x0112, type == 3 || type == 4,
                let found = number(type == 3 ? 2 : 4, value)
            else { continue }
            switch tag {
            case 0x0100: width = found
            case 0x0101: height = found
            default: if (1...8).contains(found), orientation == nil { orientation = found }
            }
        }
    }
}
