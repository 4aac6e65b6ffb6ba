internal import COpenCV

/// A polygon on a canvas whose pixels are to be copied to its mirror image, left to right.
package struct MirroredShape: Hashable, Sendable {
    /// Whole pixels of the canvas.
    package let corners: [SIMD2<Int32>]
    /// The pixels of the canvas around the polygon.
    package let source: PixelRect
    /// Where they go.
    package let destination: PixelRect
    private let canvasWidth: Int

    /// - Returns: nil where no pixel of the polygon lies on the canvas.
    package init?(corners: [SIMD2<Int32>], canvasWidth: Int, canvasHeight: Int) {
        guard var low = corners.first else { return nil }
        var high = low
        for corner in corners {
            low = pointwiseMin(low, corner)
            high = pointwiseMax(high, corner)
        }
        self.corners = corners
        self.canvasWidth = canvasWidth
        source = PixelRect(x0: Int(low.x), y0: Int(low.y), x1: Int(high.x) + 1, y1: Int(high.y) + 1)
            .intersection(PixelRect(width: canvasWidth, height: canvasHeight))
        guard !source.isEmpty else { return nil }
        destination = source.mirrored(width: canvasWidth)
    }

    /// The pixels that become those of `part` of the destination.
    package func source(of part: PixelRect) -> PixelRect { part.mirrored(width: canvasWidth) }

    /// For each pixel of `source`, 255 inside of the polygon and on its outline, 0 outside.
    package func mask() throws(ImagingError) -> [UInt8] {
        var mask = [UInt8](repeating: 0, count: source.width * source.height)
        // Nothing of the polygon is cut off but by the canvas, so the mask is that of a drawing on the whole canvas.
        let origin = SIMD2(Int32(source.x0), Int32(source.y0))
        let points = corners.flatMap { [$0.x - origin.x, $0.y - origin.y] }
        try co_fill_polygon(&mask, Int32(source.width), Int32(source.height), points, corners.count).check("fill an outline on")
        return mask
    }

    /// Pastes the shape.
    ///
    /// - Parameters:
    ///   - mask: What `mask()` gave.
    ///   - pixels: The canvas at `source(of: part)`.
    ///   - part: The pixels of `destination` that are written.
    ///   - canvas: A picture of the canvas at `part`.
    package func paste(mask: [UInt8], pixels: ImageView, at part: PixelRect, onto canvas: ImageView) {
        let from = source(of: part)
        precondition(source.contains(from) && mask.count == source.width * source.height, "the mask is that of the shape")
        precondition((pixels.width, pixels.height) == (part.width, part.height), "the pixels have the size of the part")
        precondition((canvas.width, canvas.height) == (part.width, part.height), "the canvas has the size of the part")
        mask.withUnsafeBufferPointer { mask in
            guard let first = mask.baseAddress else { return }
            let offset = (from.y0 - source.y0) * source.width + from.x0 - source.x0
            co_paste_mirrored(canvas.raw, pixels.raw, first + offset, Int64(source.width))
        }
    }
}

extension PixelRect {
    /// The rectangle as seen from behind, on a canvas of `width` pixels.
    fileprivate func mirrored(width: Int) -> PixelRect { PixelRect(x0: width - x1, y0: y0, x1: width - x0, y1: y1) }
}
