extension ImageHeader {
    /// Reads the chunks of a WebP. Source: RFC 9649, sections 2.4 to 2.7.
    init?(webp bytes: FileBytes) {
        guard bytes.starts(with: Array("RIFF".utf8)), bytes.starts(with: Array("WEBP".utf8), at: 8) else { return nil }
        var size: (width: Int, height: Int)?
        var orientation = 1
        var mayHaveEXIF = false
        var chunk = 12
        while size == nil || mayHaveEXIF, let type = bytes.bigEndian(4, at: chunk), let length = bytes.littleEndian(4, at: chunk + 4) {
            let content = chunk + 8
            switch type {
            case 0x56_50_38_58:  // "VP8X": flags, then 24 bits each of the width and the height less one
                guard let flags = bytes.byte(at: content), let width = bytes.littleEndian(3, at: content + 4),
                    let height = bytes.littleEndian(3, at: content + 7)
                else { return nil }
                size = (width + 1, height + 1)
                mayHaveEXIF = flags & 0x08 != 0
            case 0x56_50_38_4C where size == nil:  // "VP8L": a signature, then 14 bits each
                guard bytes.byte(at: content) == 0x2F, let bits = bytes.littleEndian(4, at: content + 1) else { return nil }
                size = (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
            case 0x56_50_38_20 where size == nil:  // "VP8 ": a frame tag and a start code, then 14 bits each
                guard bytes.bigEndian(3, at: content + 3) == 0x9D012A, let width = bytes.littleEndian(2, at: content + 6),
                    let height = bytes.littleEndian(2, at: content + 8)
                else { return nil }
                size = (width & 0x3FFF, height & 0x3FFF)
            case 0x45_58_49_46:  // "EXIF"
                orientation = ImageHeader.orientation(inEXIF: bytes.part(at: content, count: length))
                mayHaveEXIF = false
            default: break
            }
            chunk = content + length + length % 2
        }
        guard let size else { return nil }
        self.init(format: .webp, width: size.width, height: size.height, orientation: orientation)
    }
}
