/// The formats of image files that are read. A file is what its first bytes say, whatever its name.
public enum ImageFormat: String, Hashable, Sendable, CaseIterable {
    case bmp, jpeg
    /// A JPEG with further pictures behind it, as cameras with two lenses write them; the first counts.
    case mpo
    case pfm, png
    /// Also DNG, of which the first picture is read: a preview, as a rule.
    case tiff
    case webp

    /// Suffixes of file names under which these formats are found, in lower case.
    public static let suffixes = ["bmp", "dng", "jpeg", "jpg", "mpo", "pfm", "png", "tif", "tiff", "webp"]
}

extension ImageFormat {
    /// The name of a format that some image files have and that is not read, as far as the first bytes tell it.
    static func unreadName(_ bytes: FileBytes) -> String? {
        let signatures: [(name: String, offset: Int, bytes: [UInt8])] = [
            ("GIF", 0, Array("GIF8".utf8)), ("PDF", 0, Array("%PDF".utf8)), ("PSD", 0, Array("8BPS".utf8)),
            ("JPEG 2000", 0, [0, 0, 0, 12, 0x6A, 0x50]), ("JPEG 2000", 0, [0xFF, 0x4F, 0xFF, 0x51]),
            ("JPEG XL", 0, [0xFF, 0x0A]), ("JPEG XL", 0, [0, 0, 0, 12, 0x4A, 0x58, 0x4C]),
            ("AVIF", 4, Array("ftypavi".utf8)), ("HEIF", 4, Array("ftyphe".utf8)), ("HEIF", 4, Array("ftypmi".utf8)),
            ("OpenEXR", 0, [0x76, 0x2F, 0x31, 0x01]), ("ICO", 0, [0, 0, 1, 0]),
        ]
        if let found = signatures.first(where: { bytes.starts(with: $0.bytes, at: $0.offset) }) { return found.name }
        // Portable bitmaps: "P1" to "P7" and white space.
        let isBitmap = bytes.byte(at: 0) == UInt8(ascii: "P") && bytes.byte(at: 1).map { (0x31...0x37).contains($0) } == true
            && bytes.byte(at: 2).map { [9, 10, 13, 32].contains($0) } == true
        return isBitmap ? "PNM" : nil
    }
}
