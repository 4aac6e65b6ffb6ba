extension ImageHeader {
    static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads the IHDR chunk of a PNG and its eXIf chunk, which may stand anywhere, and looks for IEND, the last one.
    /// Source: PNG, third edition, 5 and 11.
    init?(png bytes: FileBytes) {
        guard bytes.starts(with: Self.pngSignature), let width = bytes.bigEndian(4, at: 16),
            let height = bytes.bigEndian(4, at: 20)
        else { return nil }
        let exifType = 0x65_58_49_66, endType = 0x49_45_4E_44  // "eXIf", "IEND"
        var orientation = 1
        var isComplete = false
        var chunk = Self.pngSignature.count
        while !isComplete, let start = bytes.bigEndian(8, at: chunk) {
            let (length, type) = (start >> 32, start & 0xFFFF_FFFF)
            let content = chunk + 8
            let next = content + length + 4  // behind the checksum
            guard next <= bytes.count else { break }
            if type == exifType { orientation = ImageHeader.orientation(inEXIF: bytes.part(at: content, count: length)) }
            isComplete = type == endType
            chunk = next
        }
        self.init(format: .png, width: width, height: height, orientation: orientation, isComplete: isComplete)
    }
}
