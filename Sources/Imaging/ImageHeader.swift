/// What the header of a file says about a picture, read without decoding a pixel.
struct ImageHeader: Hashable {
    enum Format: Hashable {
        case jpeg(componentCount: Int)
        case png
    }

    let format: Format
    /// Pixels as stored, before turning.
    let width, height: Int
    /// As in EXIF: 1 is upright; 2 to 8 mirror and turn, from 5 on width and height change places.
    let orientation: Int
    /// Whether the file has its end, as far as that can be told from its structure: always for a JPEG, whose pixels would have
    /// to be decoded.
    let isComplete: Bool

    /// `nil` when `bytes` are of another format than JPEG or PNG, stop before the size, or claim a size that no picture has.
    init?(_ bytes: [UInt8]) {
        guard let header = ImageHeader(jpeg: bytes) ?? ImageHeader(png: bytes) else { return nil }
        self = header
    }

    /// A few bytes can claim any size; the bounds are those of OpenCV's decoders.
    init?(format: Format, width: Int, height: Int, orientation: Int, isComplete: Bool = true) {
        let sides = 1...(1 << 20)
        guard sides.contains(width), sides.contains(height), width * height <= 1 << 30 else { return nil }
        (self.format, self.width, self.height, self.orientation) = (format, width, height, orientation)
        self.isComplete = isComplete
    }

    var uprightSize: (width: Int, height: Int) {
        orientation >= 5 ? (height, width) : (width, height)
    }
}

extension ImageHeader {
    /// The orientation (1...8) that an EXIF block states, 1 when it states none. Source: Exif 2.3, 4.6.4, tag 0x0112.
    static func orientation(inEXIF block: some Sequence<UInt8>) -> Int {
        let bytes = Array(block)
        let isLittleEndian = bytes.starts(with: Array("II".utf8))
        guard isLittleEndian || bytes.starts(with: Array("MM".utf8)) else { return 1 }
        func short(at offset: Int) -> Int? {
            bytes.bigEndian16(at: offset).map { isLittleEndian ? Int(UInt16($0).byteSwapped) : $0 }
        }
        func long(at offset: Int) -> Int? {
            bytes.bigEndian32(at: offset).map { isLittleEndian ? Int(UInt32($0).byteSwapped) : $0 }
        }
        guard let directory = long(at: 4), let count = short(at: directory) else { return 1 }
        for entry in 0..<count {
            let offset = directory + 2 + 12 * entry
            guard let tag = short(at: offset) else { break }
            if tag == 0x0112, let value = short(at: offset + 8), (1...8).contains(value) { return value }
        }
        return 1
    }
}

extension [UInt8] {
    func bigEndian16(at offset: Int) -> Int? {
        guard offset >= 0, offset + 2 <= count else { return nil }
        return Int(self[offset]) << 8 | Int(self[offset + 1])
    }

    func bigEndian32(at offset: Int) -> Int? {
        guard let high = bigEndian16(at: offset), let low = bigEndian16(at: offset + 2) else { return nil }
        return high << 16 | low
    }
}
