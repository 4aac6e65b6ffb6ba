internal import COpenCV
internal import Foundation

/// Pictures in files: the formats of `ImageFormat` in; JPEG and PNG out.
public enum ImageFile {
    /// Of OpenCV, which decodes most formats.
    package static var openCVVersion: String { String(cString: co_opencv_version()) }

    /// Reads a picture of any of the formats as 8-bit RGB, turned upright as its EXIF orientation says.
    ///
    /// Grey becomes RGB, inks become RGB, 16 bits become 8, transparency is dropped. A JPEG that ends early is decoded as far as
    /// it goes.
    public static func decode(_ path: String) throws(ImagingError) -> Image {
        try decode(bytes: read(path), name: path)
    }

    /// The same for a file's content in memory; `name` is what an error calls it.
    public static func decode(bytes: [UInt8], name: String) throws(ImagingError) -> Image {
        try bytes.withRawBytes { buffer throws(ImagingError) in try ImageDecoder(buffer, name: name).decode() }
    }

    /// The content of a file.
    package static func read(_ path: String) throws(ImagingError) -> [UInt8] { try InputFile(path).bytes() }

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
}
