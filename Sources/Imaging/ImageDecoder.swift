internal import COpenCV

/// Decodes a picture from a file's content, or no more of it than is wanted.
///
/// The bytes are borrowed: whoever lends them keeps them alive and unchanged for as long as the decoder is in use.
///
///     let decoder = try ImageDecoder(bytes, name: "bus.jpg")
///     let middle = try decoder.decode(PixelRect(x0: 200, y0: 300, x1: 400, y1: 500))
package struct ImageDecoder {
    private let bytes: UnsafeRawBufferPointer
    private let name: String
    private let header: ImageHeader

    /// - Parameter name: What an error calls the file.
    package init(_ bytes: UnsafeRawBufferPointer, name: String) throws(ImagingError) {
        (self.bytes, self.name) = (bytes, name)
        do throws(ImagingError) {
            header = try ImageHeader(checking: FileBytes(bytes))
            if header.format == .pfm { try header.requireEnd() }
        } catch {
            throw error.named(name)
        }
    }

    /// Whether a part takes less time than the whole, and `denominator` may be other than 1: a JPEG.
    package var decodesParts: Bool { header.isJPEG }

    /// Pixels of the upright picture, 1, 2, 4 or 8 times smaller: sides are rounded up.
    package func size(denominator: Int = 1) -> (width: Int, height: Int) {
        let size = header.uprightSize
        return ((size.width + denominator - 1) / denominator, (size.height + denominator - 1) / denominator)
    }

    package func decode() throws(ImagingError) -> Image {
        let size = size()
        return try decode(PixelRect(width: size.width, height: size.height))
    }

    /// A part of the upright picture, to the bit what cutting it from the whole one gives. A JPEG that ends early is decoded as
    /// far as it goes.
    ///
    /// - Parameters:
    ///   - part: Not empty, and inside of the picture that is `denominator` times smaller.
    ///   - denominator: 1, 2, 4 or 8; 1 unless `decodesParts`. The smaller picture is the low frequencies of the file: it has
    ///     no moiré, and takes less time.
    package func decode(_ part: PixelRect, denominator: Int = 1) throws(ImagingError) -> Image {
        let size = size(denominator: denominator)
        precondition(!part.isEmpty && PixelRect(width: size.width, height: size.height).contains(part), "the part is inside")
        precondition(denominator == 1 || decodesParts, "only a JPEG is decoded at a smaller size")
        do throws(ImagingError) {
            let stored = part.stored(orientation: header.orientation, uprightWidth: size.width, uprightHeight: size.height)
            if decodesParts { return try decodeJPEG(stored, denominator, part).turned(header.orientation) }
            let whole = try header.format == .png ? decodePNG() : decodeAny()
            guard (whole.width, whole.height) == size else {
                throw .failed(operation: "decode", reason: "its headers contradict each other")
            }
            return part == PixelRect(width: size.width, height: size.height) ? whole : whole.cut(to: part)
        } catch {
            throw error.named(name)
        }
    }

    private func decodeJPEG(_ stored: PixelRect, _ denominator: Int, _ part: PixelRect) throws(ImagingError) -> Image {
        var request = COJPEGRequest()
        request.denominator = Int32(denominator)
        request.width = Int32((header.width + denominator - 1) / denominator)
        request.height = Int32((header.height + denominator - 1) / denominator)
        (request.x, request.y) = (Int32(stored.x0), Int32(stored.y0))
        return try Image(width: stored.width, height: stored.height) { view throws(ImagingError) in
            try co_decode_jpeg(view.raw, bytes.bound, bytes.count, &request).check("decode")
        }
    }

    private func decodePNG() throws(ImagingError) -> Image {
        let stored = try Image(width: header.width, height: header.height) { view throws(ImagingError) in
            try co_decode_png(view.raw, bytes.bound, bytes.count).check("decode")
        }
        return try stored.turned(header.orientation)
    }

    private func decodeAny() throws(ImagingError) -> Image {
        var decoded = COImage()
        let status = co_decode(&decoded, bytes.bound, bytes.count)
        if status == .FAILED, header.format == .tiff {
            throw .failed(
                operation: "decode",
                reason: "its first picture is damaged or of a kind that is not read, such as a camera's raw data; convert it to JPEG or PNG")
        }
        try status.check("decode")
        defer { co_image_free(decoded) }
        var (width, height) = (Int32(0), Int32(0))
        co_image_size(decoded, &width, &height)
        let image = try Image(width: Int(width), height: Int(height)) { view throws(ImagingError) in
            try co_image_copy(view.raw, decoded).check("decode")
        }
        // OpenCV turns the others itself.
        return header.format == .webp ? try image.turned(header.orientation) : image
    }
}

extension Image {
    /// A copy of some of the pixels.
    package func cut(to part: PixelRect) -> Image {
        Image(width: part.width, height: part.height) { destination in
            withView { $0.part(x: part.x0, y: part.y0, width: part.width, height: part.height).copy(into: destination) }
        }
    }

    /// Stored pixels turned upright, by their EXIF orientation.
    fileprivate func turned(_ orientation: Int) throws(ImagingError) -> Image {
        guard orientation != 1 else { return self }
        let size = orientation >= 5 ? (height, width) : (width, height)
        return try withView { source throws(ImagingError) in
            try Image(width: size.0, height: size.1) { upright throws(ImagingError) in
                try co_turn_upright(upright.raw, source.raw, Int32(orientation)).check("turn")
            }
        }
    }
}

extension PixelRect {
    /// Where a part of the upright picture lies in the picture as it is stored. Source: Exif 2.3, 4.6.4, tag 0x0112.
    fileprivate func stored(orientation: Int, uprightWidth: Int, uprightHeight: Int) -> PixelRect {
        let acrossFromRight = (uprightWidth - x1, uprightWidth - x0)
        let downFromBottom = (uprightHeight - y1, uprightHeight - y0)
        func rect(_ x: (Int, Int), _ y: (Int, Int)) -> PixelRect { PixelRect(x0: x.0, y0: y.0, x1: x.1, y1: y.1) }
        return switch orientation {
        case 2: rect(acrossFromRight, (y0, y1))
        case 3: rect(acrossFromRight, downFromBottom)
        case 4: rect((x0, x1), downFromBottom)
        case 5: rect((y0, y1), (x0, x1))
        case 6: rect((y0, y1), acrossFromRight)
        case 7: rect(downFromBottom, acrossFromRight)
        case 8: rect(downFromBottom, (x0, x1))
        default: self
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Never empty: a header has been read.
    fileprivate var bound: UnsafePointer<UInt8> {
        guard let base = baseAddress else { preconditionFailure("a picture has bytes") }
        return base.assumingMemoryBound(to: UInt8.self)
    }
}
