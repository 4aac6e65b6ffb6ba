/// What the header of a file says about a picture, read without decoding a pixel.
struct ImageHeader: Hashable {
    let format: ImageFormat
    /// Pixels as stored, before turning.
    let width, height: Int
    /// As in EXIF: 1 is upright; 2 to 8 mirror and turn, from 5 on width and height change places.
    let orientation: Int
    /// Whether the file has its end, as far as that can be told from its structure: always for a JPEG, whose pixels would have
    /// to be decoded.
    let isComplete: Bool

    /// `nil` when a file is of none of the formats, stops before the size, or claims a size that no picture has.
    init?(_ bytes: FileBytes) {
        let header =
            ImageHeader(jpeg: bytes) ?? ImageHeader(png: bytes) ?? ImageHeader(bmp: bytes) ?? ImageHeader(tiff: bytes)
            ?? ImageHeader(webp: bytes) ?? ImageHeader(pfm: bytes)
        guard let header else { return nil }
        self = header
    }

    /// A few bytes can claim any size. That of the sides is bound by OpenCV's decoders; that of the whole, half a gigabyte as RGB, by the
    /// library with which the reference looks at images (Pillow), so that the same images count as too large.
    init?(format: ImageFormat, width: Int, height: Int, orientation: Int = 1, isComplete: Bool = true) {
        let sides = 1...(1 << 20)
        let mostPixels = (1 << 30) / 6
        guard sides.contains(width), sides.contains(height), width * height <= mostPixels else { return nil }
        (self.format, self.width, self.height) = (format, width, height)
        (self.orientation, self.isComplete) = (orientation, isComplete)
    }

    var uprightSize: (width: Int, height: Int) {
        orientation >= 5 ? (height, width) : (width, height)
    }

    var isJPEG: Bool { format == .jpeg || format == .mpo }
}

extension ImageHeader {
    /// The orientation (1...8) that an EXIF block states, 1 when it states none. Source: Exif 2.3, 4.6.4, tag 0x0112.
    static func orientation(inEXIF block: [UInt8]) -> Int {
        block.withUnsafeBytes { buffer in
            // Some writers keep the signature that the block has in a JPEG.
            let start = buffer.starts(with: exifSignature) ? exifSignature.count : 0
            let bytes = FileBytes(UnsafeRawBufferPointer(rebasing: buffer[start...]))
            return TIFFDirectory(bytes)?.orientation ?? 1
        }
    }

    static let exifSignature = Array("Exif\0\0".utf8)
}
