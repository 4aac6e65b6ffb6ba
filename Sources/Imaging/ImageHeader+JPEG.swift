extension ImageHeader {
    static let jpegSignature: [UInt8] = [0xFF, 0xD8]

    /// Reads the segments of a JPEG up to its frame header, which lies in `bytes.start`. Source: ITU T.81, annex B.
    init?(jpeg bytes: FileBytes) {
        guard bytes.starts(with: Self.jpegSignature) else { return nil }
        var format = ImageFormat.jpeg
        var orientation = 1
        var position = 2
        while let marker = bytes.nextMarker(from: &position) {
            // Markers without a segment: TEM, RST0 to RST7, SOI.
            if marker == 0x01 || (0xD0...0xD8).contains(marker) { continue }
            guard let length = bytes.bigEndian(2, at: position), length >= 2 else { return nil }
            let content = position + 2
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:  // SOF: precision, height, width
                guard let height = bytes.bigEndian(2, at: content + 1), let width = bytes.bigEndian(2, at: content + 3)
                else { return nil }
                self.init(format: format, width: width, height: height, orientation: orientation)
                return
            case 0xE1 where orientation == 1 && bytes.starts(with: Self.exifSignature, at: content):  // APP1
                orientation = ImageHeader.orientation(inEXIF: bytes.part(at: content, count: length - 2))
            case 0xE2 where bytes.starts(with: Array("MPF\0".utf8), at: content):  // APP2
                format = .mpo
            case 0xD9, 0xDA: return nil  // EOI, SOS: pixels before any frame header
            default: break
            }
            position += length
        }
        return nil
    }
}

extension FileBytes {
    /// The code of the first marker of `start` from `position` on, which moves behind it. Stray bytes and fill bytes are passed
    /// over, as libjpeg does.
    fileprivate func nextMarker(from position: inout Int) -> UInt8? {
        while position + 1 < start.count {
            let code = start[position + 1]
            if start[position] == 0xFF, code != 0xFF, code != 0 {
                position += 2
                return code
            }
            position += 1
        }
        return nil
    }
}
