/// What the first bytes of a picture say, read without decoding a pixel.
enum ImageHeader {
    case jpeg(JPEGHeader)
    case png(PNGHeader)

    /// `nil` when `bytes` are of another format, or stop before what we need.
    init?(_ bytes: [UInt8]) {
        if let header = JPEGHeader(bytes) {
            self = .jpeg(header)
        } else if let header = PNGHeader(bytes) {
            self = .png(header)
        } else {
            return nil
        }
    }

    var uprightSize: (width: Int, height: Int) {
        switch self {
        case .jpeg(let header): header.uprightSize
        case .png(let header): (header.width, header.height)
        }
    }
}

/// The frame header of a JPEG and the orientation of its EXIF block.
///
/// Source: ITU T.81, annex B; Exif 2.3, 4.6.4 (tag 0x0112).
struct JPEGHeader: Hashable {
    /// Pixels as stored, before turning.
    let width, height: Int
    let componentCount: Int
    /// 1 is upright; 2 to 8 mirror and turn, from 5 on width and height change places.
    let orientation: Int

    /// Not one of the four-component (CMYK) files.
    var isGrayOrColor: Bool { componentCount == 1 || componentCount == 3 }

    var uprightSize: (width: Int, height: Int) {
        orientation >= 5 ? (height, width) : (width, height)
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
        var orientation = 1
        var position = 2
        while let marker = bytes.nextMarker(from: &position) {
            // Segments without content: restart markers and TEM.
            if marker == 0x01 || (0xD0...0xD8).contains(marker) { continue }
            guard let length = bytes.bigEndian16(at: position), length >= 2 else { return nil }
            let content = position + 2
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:  // start of frame
                guard let height = bytes.bigEndian16(at: content + 1), let width = bytes.bigEndian16(at: content + 3),
                    content + 5 < bytes.count, width > 0, height > 0
                else { return nil }
                (self.width, self.height, self.orientation) = (width, height, orientation)
                componentCount = Int(bytes[content + 5])
                return
            case 0xE1 where orientation == 1:
                let end = min(position + length, bytes.count)
                if content < end, bytes[content..<end].starts(with: Array("Exif\0\0".utf8)) {
                    orientation = exifOrientation(bytes[(content + 6)..<end])
                }
            case 0xD9, 0xDA: return nil  // pixels, or the end, before any frame header
            default: break
            }
            position += length
        }
        return nil
    }
}

/// The IHDR chunk of a PNG.
struct PNGHeader: Hashable {
    let width, height: Int

    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
            let width = bytes.bigEndian32(at: 16), let height = bytes.bigEndian32(at: 20), width > 0, height > 0
        else { return nil }
        (self.width, self.height) = (width, height)
    }
}

/// The orientation (1...8) that a TIFF-style EXIF block states, 1 when it states none.
func exifOrientation(_ block: ArraySlice<UInt8>) -> Int {
    let bytes = Array(block)
    let isLittleEndian: Bool
    if bytes.starts(with: Array("II".utf8)) {
        isLittleEndian = true
    } else if bytes.starts(with: Array("MM".utf8)) {
        isLittleEndian = false
    } else {
        return 1
    }
    func short(at offset: Int) -> Int? {
        guard let value = bytes.bigEndian16(at: offset) else { return nil }
        return isLittleEndian ? Int(UInt16(value).byteSwapped) : value
    }
    func long(at offset: Int) -> Int? {
        guard let value = bytes.bigEndian32(at: offset) else { return nil }
        return isLittleEndian ? Int(UInt32(value).byteSwapped) : value
    }
    guard let directory = long(at: 4), let count = short(at: directory) else { return 1 }
    for entry in 0..<count {
        let offset = directory + 2 + 12 * entry
        guard let tag = short(at: offset) else { break }
        if tag == 0x0112, let value = short(at: offset + 8) { return (1...8).contains(value) ? value : 1 }
    }
    return 1
}

extension [UInt8] {
    fileprivate func bigEndian16(at offset: Int) -> Int? {
        guard offset >= 0, offset + 2 <= count else { return nil }
        return Int(self[offset]) << 8 | Int(self[offset + 1])
    }

    fileprivate func bigEndian32(at offset: Int) -> Int? {
        guard let high = bigEndian16(at: offset), let low = bigEndian16(at: offset + 2) else { return nil }
        return high << 16 | low
    }

    /// The code of the marker at `position`, which moves behind it; fill bytes are passed over.
    fileprivate func nextMarker(from position: inout Int) -> UInt8? {
        guard position < count, self[position] == 0xFF else { return nil }
        while position < count, self[position] == 0xFF { position += 1 }
        guard position < count else { return nil }
        defer { position += 1 }
        return self[position]
    }
}
