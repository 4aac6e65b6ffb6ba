internal import COpenCV
internal import Foundation

/// Pictures in files: JPEG, PNG, BMP, TIFF and WebP in; JPEG and PNG out.
public enum ImageFile {
    /// Reads a picture of any of the formats as 8-bit RGB, turned upright as its EXIF orientation says.
    ///
    /// Grey becomes RGB, 16 bits become 8, transparency is dropped. A JPEG that ends early is decoded as far as it goes.
    public static func decode(_ path: String) throws(ImagingError) -> Image {
        try decode(bytes: read(path), name: path)
    }

    /// The same for a file's content in memory; `name` is what an error calls it.
    public static func decode(bytes: [UInt8], name: String) throws(ImagingError) -> Image {
        do throws(ImagingError) {
            guard !bytes.isEmpty else { throw .failed(operation: "decode", reason: "the file is empty") }
            let header = ImageHeader(bytes)
            if header == nil, [ImageHeader.jpegSignature, ImageHeader.pngSignature].contains(where: { bytes.starts(with: $0) }) {
                throw .failed(
                    operation: "decode", reason: "it stops in its header, or the header is damaged or claims too many pixels")
            }
            // Four components (CMYK) are rare enough to leave to OpenCV.
            if let header, case .jpeg(let components) = header.format, components != 4 { return try decodeJPEG(bytes, header) }
            return try decodeAny(bytes)
        } catch .failed(_, let reason) {
            throw .undecodable(path: name, reason: reason)
        }
    }

    /// Width and height of the upright picture, in pixels. JPEG and PNG tell it without decoding a pixel.
    ///
    /// A PNG that ends early is an error, as it is for `decode`.
    public static func size(_ path: String) throws(ImagingError) -> (width: Int, height: Int) {
        let startLength = 1 << 16
        let start = try read(path, atMost: startLength)
        if let header = ImageHeader(jpeg: start) { return header.uprightSize }
        let bytes = start.count < startLength ? start : try read(path)
        if let header = ImageHeader(bytes) {
            guard header.isComplete else { throw .undecodable(path: path, reason: "the PNG ends early") }
            return header.uprightSize
        }
        let image = try decode(bytes: bytes, name: path)
        return (image.width, image.height)
    }

    /// Writes a JPEG (`quality` 1...100) or, when the name ends in `.png`, a PNG.
    public static func write(_ image: Image, to path: String, quality: Int = 95) throws(ImagingError) {
        let bytes = try encode(image, asPNG: path.lowercased().hasSuffix(".png"), quality: quality)
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw .unwritable(path: path, reason: error.localizedDescription)
        }
    }

    package static func encode(_ image: Image, asPNG: Bool, quality: Int = 95) throws(ImagingError) -> [UInt8] {
        try image.withView { view throws(ImagingError) in
            var encoded = COBytes()
            let status = asPNG ? co_encode_png(&encoded, view.raw) : co_encode_jpeg(&encoded, view.raw, Int32(quality))
            try status.check("encode")
            defer { co_bytes_free(encoded) }
            return Array(UnsafeBufferPointer(start: co_bytes_data(encoded), count: co_bytes_count(encoded)))
        }
    }

    private static func decodeAny(_ bytes: [UInt8]) throws(ImagingError) -> Image {
        var decoded = COImage()
        try co_decode(&decoded, bytes, bytes.count).check("decode")
        defer { co_image_free(decoded) }
        let source = ImageView(co_image_view(decoded))
        return Image(width: source.width, height: source.height) { source.copy(into: $0) }
    }

    private static func decodeJPEG(_ bytes: [UInt8], _ header: ImageHeader) throws(ImagingError) -> Image {
        let stored = try Image(width: header.width, height: header.height) { view throws(ImagingError) in
            try co_decode_jpeg(view.raw, bytes, bytes.count).check("decode")
        }
        guard header.orientation != 1 else { return stored }
        let size = header.uprightSize
        return try stored.withView { source throws(ImagingError) in
            try Image(width: size.width, height: size.height) { upright throws(ImagingError) in
                try co_turn_upright(upright.raw, source.raw, Int32(header.orientation)).check("turn")
            }
        }
    }

    /// The first `limit` bytes of a file, or all of it.
    private static func read(_ path: String, atMost limit: Int = .max) throws(ImagingError) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        defer { fclose(file) }
        setvbuf(file, nil, _IONBF, 0)  // one read into our own memory
        var status = stat()
        guard fstat(fileno(file), &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw .unreadable(path: path, reason: "it is a folder")
        }
        let wanted = min(Int(status.st_size), limit)
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            count = wanted > 0 ? fread(buffer.baseAddress, 1, wanted, file) : 0
        }
        guard bytes.count == wanted else { throw .unreadable(path: path, reason: "it ended early, or the disk failed") }
        return bytes
    }
}

extension ImageView {
    fileprivate init(_ view: COView) {
        self.init(
            base: view.data, width: Int(view.width), height: Int(view.height), bytesPerRow: Int(view.row_bytes))
    }
}
