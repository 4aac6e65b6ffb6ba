internal import COpenCV

/// What can be said about an image file without decoding a pixel.
public struct ImageFileCheck: Hashable, Sendable {
    public let format: ImageFormat
    /// Of the upright picture, in pixels.
    public let width: Int
    /// Of the upright picture, in pixels.
    public let height: Int
    /// Whether the last two bytes are the end marker of a JPEG (FF D9); true for other formats. A JPEG without it may be whole
    /// all the same, with stray bytes behind: `ImageFile.damage` tells.
    public let endsAsItShould: Bool
}

extension ImageFile {
    /// Reads the header and the last two bytes of an image file.
    ///
    /// A JPEG costs one `open` and at most 64 KiB, unless its metadata are larger; a PNG, WebP or TIFF some small reads more.
    /// - Throws: `ImagingError.unreadable` for a file that cannot be read; `.undecodable` for an empty one, one of a format that
    ///   is not read, one whose header is damaged or claims a size that no picture has, and a PNG that ends early.
    public static func check(_ path: String) throws(ImagingError) -> ImageFileCheck {
        let file = try InputFile(path)
        return try withUnsafeTemporaryAllocation(byteCount: startLength, alignment: 16) { buffer throws(ImagingError) in
            let start = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(startLength, file.size)])
            guard file.read(into: start) == start.count else {
                throw .unreadable(path: path, reason: "it ended early, or the disk failed")
            }
            return try check(FileBytes(start: UnsafeRawBufferPointer(start), of: file), of: file)
        }
    }

    /// Width and height of the upright picture, in pixels. Nothing is decoded for it.
    ///
    /// - Throws: As `check`.
    public static func size(_ path: String) throws(ImagingError) -> (width: Int, height: Int) {
        let found = try check(path)
        return (found.width, found.height)
    }

    /// What a strict decoder finds wrong with a JPEG, `nil` if it is whole. Every pixel is decoded for it. A picture that is
    /// whole may have stray bytes behind its end.
    ///
    /// - Throws: `ImagingError.unreadable`, `ImagingError.outOfMemory`.
    public static func damage(ofJPEG path: String) throws(ImagingError) -> String? {
        let bytes = try read(path)
        guard !bytes.isEmpty else { return "the file is empty" }
        var isWhole = false
        let status = co_check_jpeg(&isWhole, bytes, bytes.count)
        if status == .OUT_OF_MEMORY { throw .outOfMemory(operation: "decode") }
        return isWhole ? nil : COStatus.lastError
    }

    private static let startLength = 1 << 16

    private static func check(_ bytes: FileBytes, of file: InputFile) throws(ImagingError) -> ImageFileCheck {
        do throws(ImagingError) {
            let header: ImageHeader
            if let found = ImageHeader(bytes) {
                header = found
            } else if bytes.starts(with: ImageHeader.jpegSignature), bytes.start.count < bytes.count {
                // Its metadata fill more than what was read.
                let whole = try file.bytes()
                header = try whole.withRawBytes { buffer throws(ImagingError) in
                    try ImageHeader(checking: FileBytes(buffer))
                }
            } else {
                header = try ImageHeader(checking: bytes)
            }
            try header.requireEnd()
            let size = header.uprightSize
            return ImageFileCheck(
                format: header.format, width: size.width, height: size.height,
                endsAsItShould: header.format != .jpeg || bytes.bigEndian(2, at: bytes.count - 2) == 0xFFD9)
        } catch {
            throw error.named(file.path)
        }
    }
}

extension ImageHeader {
    /// - Throws: `ImagingError.failed` with the reason why the bytes are no picture.
    init(checking bytes: FileBytes) throws(ImagingError) {
        if let header = ImageHeader(bytes) {
            self = header
            return
        }
        let reason: String
        if bytes.count == 0 {
            reason = "the file is empty"
        } else if let name = ImageFormat.unreadName(bytes) {
            reason = "it is a \(name), a format that is not read; convert it to JPEG or PNG"
        } else if ImageFormat.isBegun(in: bytes) {
            reason = "it stops in its header, or the header is damaged or claims too many pixels"
        } else {
            reason = "it is no image of a known format"
        }
        throw .failed(operation: "decode", reason: reason)
    }

    func requireEnd() throws(ImagingError) {
        guard isComplete else {
            throw .failed(operation: "decode", reason: "the \(format.rawValue.uppercased()) ends early")
        }
    }
}

extension ImageFormat {
    /// Whether the first bytes are those of one of the formats.
    fileprivate static func isBegun(in bytes: FileBytes) -> Bool {
        let signatures = [
            ImageHeader.jpegSignature, ImageHeader.pngSignature, Array("BM".utf8), Array("II*\0".utf8), Array("MM\0*".utf8),
            Array("II+\0".utf8), Array("MM\0+".utf8), Array("PF".utf8), Array("Pf".utf8),
        ]
        return signatures.contains { bytes.starts(with: $0) } || bytes.starts(with: Array("WEBP".utf8), at: 8)
    }
}

extension ImagingError {
    /// The error with the file's name, where it is about the file's content.
    func named(_ name: String) -> ImagingError {
        if case .failed(_, let reason) = self { .undecodable(path: name, reason: reason) } else { self }
    }
}
