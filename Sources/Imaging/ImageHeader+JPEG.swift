extension ImageHeader {
    static let jpegSignature: [UInt8] = [0xFF, 0xD8]

    /// Reads the segments of a JPEG up to its frame header. Source: ITU T.81, annex B.
    init?(jpeg bytes: [UInt8]) {
        guard bytes.starts(with: Self.jpegSignature) else { return nil }
        var orientation = 1
        var position = 2
        while let marker = bytes.nextMarker(from: &position) {
            // Markers without a segment: TEM, RST0 to RST7, SOI.
            if marker == 0x01 || (0xD0...0xD8).contains(marker) { continue }
            guard let length = bytes.bigEndian16(at: position), length >= 2 else { return nil }
            let content = position + 2
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:  // SOF: precision, height, width, components
                guard let height = bytes.bigEndian16(at: content + 1), let width = bytes.bigEndian16(at: content + 3),
                    content + 5 < bytes.count
                else { return nil }
                let componentCount = Int(bytes[content + 5])
                self.init(
                    format: .jpeg(componentCount: componentCount), width: width, height: height, orientation: orientation)
                return
            case 0xE1 where orientation == 1:  // APP1
                let segment = bytes[min(content, bytes.count)..<min(position + length, bytes.count)]
                let signature = Array("Exif\0\0".utf8)
                if segment.starts(with: signature) {
                    orientation = ImageHeader.orientation(inEXIF: segment.dropFirst(signature.count))
                }
            case 0xD9, 0xDA: return nil  // EOI, SOS: pixels before any frame header
            default: break
            }
            position += length
        }
        return nil
    }
}

extension [UInt8] {
    /// The code of the first marker from `position` on, which moves behind it. Stray bytes and fill bytes are passed over,
    /// as libjpeg does.
    fileprivate func nextMarker(from position: inout Int) -> UInt8? {
        while position + 1 < count {
            let code = self[position + 1]
            if self[position] == 0xFF, code != 0xFF, code != 0 {
                position += 2
                return code
            }
            position += 1
        }
        return nil
    }
}
