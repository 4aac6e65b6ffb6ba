internal import COpenCV

/// Bilinear resizing that can also make a part of the copy from the part of the picture that it needs.
///
///     let resize = LinearResize(from: (1920, 1080), to: (640, 360))
///     let source = resize.source(for: part)                 // decode these pixels alone
///     let copy = try resize.render(pixels, at: source, part)
package struct LinearResize: Hashable, Sendable {
    private let sourceWidth, sourceHeight, width, height: Int

    package init(from source: (width: Int, height: Int), to destination: (width: Int, height: Int)) {
        (sourceWidth, sourceHeight, width, height) = (source.width, source.height, destination.width, destination.height)
    }

    /// The pixels of the picture that a part of the copy is made of.
    package func source(for part: PixelRect) -> PixelRect {
        let (x, y) = spans(source: PixelRect(width: sourceWidth, height: sourceHeight), part)
        var first: Int32 = 0
        var last: Int32 = 0
        co_linear_reach(x, Int32(part.width), &first, &last)
        let across = (Int(first), Int(last) + 1)
        co_linear_reach(y, Int32(part.height), &first, &last)
        return PixelRect(x0: across.0, y0: Int(first), x1: across.1, y1: Int(last) + 1)
    }

    /// A part of the copy, to the bit what `Image.resized` with `.linear` has there.
    ///
    /// - Parameter rect: Where `pixels` lie in the picture; it contains `source(for: part)`.
    package func render(_ pixels: Image, at rect: PixelRect, _ part: PixelRect) throws(ImagingError) -> Image {
        precondition(rect.contains(source(for: part)), "all pixels that are needed are there")
        precondition((pixels.width, pixels.height) == (rect.width, rect.height), "the pixels fill their place")
        let (x, y) = spans(source: rect, part)
        return try pixels.withView { source throws(ImagingError) in
            try Image(width: part.width, height: part.height) { destination throws(ImagingError) in
                try co_resize_part(destination.raw, source.raw, x, y).check("resize")
            }
        }
    }

    private func spans(source: PixelRect, _ part: PixelRect) -> (x: COSpan, y: COSpan) {
        (
            COSpan(
                source_size: Int32(sourceWidth), destination_size: Int32(width), source_start: Int32(source.x0),
                destination_start: Int32(part.x0)),
            COSpan(
                source_size: Int32(sourceHeight), destination_size: Int32(height), source_start: Int32(source.y0),
                destination_start: Int32(part.y0))
        )
    }
}
