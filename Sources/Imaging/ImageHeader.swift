/// What the header of a file says about a picture, read without decoding a pixel.
struct ImageHeader: Hashable {
    let format: ImageFormat
    /// Pixels as stored, before turning.
    let width, height: Int
    /// As in EXIF: 1 is upright; 2 to 8 mirror and turn, from 5 on width and height change places.
    let orientation: Int
    /// Of a JPEG: 1 for grey, 3 for colour, 4 for inks. 0 for other formats.
    let componentCount: Int
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

    /// A few bytes can claim any size; the bounds are those of OpenCV's decoders.
    init?(
        format: ImageFormat, width: Int, height: Int, orientation: Int = 1, componentCount: Int = 0, isComplete: Bool = true
    ) {
        let sides = 1...(1 << 20)
        guard sides.contains(width), sides.contains(height), width * height <= 1 << 30 else { return nil }
        (self.format, self.width, self.height, self.orientation) = (format, width, height, orientation)
        (self.componentCount, self.isComplete) = (componentCount, isComplete)
    }

    var uprightSize: (width: Int, height: Int) {
        orientation >= 5 ? (height, width) : (width, height)
    }

    /// Whether libjpeg decodes the picture to RGB, and so any part of it. Inks are rare enough to leave to OpenCV.
    var isPlainJPEG: Bool { (format == .jpeg || format == .mpo) && componentCount != 4 }
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
