extension ImageHeader {
    /// Reads the IHDR chunk of a PNG, and its eXIf chunk, which may stand anywhere. Source: PNG, third edition, 5 and 11.
    init?(png bytes: [UInt8]) {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
            let width = bytes.bigEndian32(at: 16), let height = bytes.bigEndian32(at: 20)
        else { return nil }
        let exifType = 0x65_58_49_66  // "eXIf"
        var orientation = 1
        var chunk = 8
        while let length = bytes.bigEndian32(at: chunk), let type = bytes.bigEndian32(at: chunk + 4) {
            let content = chunk + 8
            if type == exifType, content + length <= bytes.count {
                orientation = ImageHeader.orientation(inEXIF: bytes[content..<content + length])
                break
            }
            chunk = content + length + 4  // and the checksum
        }
        self.init(format: .png, width: width, height: height, orientation: orientation)
    }
}
