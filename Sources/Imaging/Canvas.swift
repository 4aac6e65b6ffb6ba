internal import CCairo

/// A picture to draw on, with smooth edges (Cairo) and text in any script (Pango).
///
///     let canvas = try Canvas(image)
///     try canvas.fill(.ellipse(centerX: 40, centerY: 40, radiusX: 20, radiusY: 10), with: .color(red))
///     try canvas.drawBox(x1: 20, y1: 30, x2: 60, y2: 50, color: red, label: "boat 0.87")
///     let result = canvas.makeImage()
///
/// The same calls give the same bytes, except for text, which depends on the fonts installed.
package final class Canvas {
    /// What an outline is filled with.
    package enum Paint: Sendable {
        /// `opacity` is 0...1.
        case color(Color, opacity: Double = 1)
        /// From one colour at `start` to another at `end`, along a straight line.
        case gradient(from: Color, start: Path.Point, to: Color, end: Path.Point)
        /// A picture, repeated in both directions from the top left corner of the canvas.
        case texture(Image)
    }

    package enum FillRule: Sendable {
        /// Holes are where outlines run in opposite directions.
        case winding
        /// Holes are where an even number of outlines overlap.
        case evenOdd
    }

    package let width, height: Int
    let context: OpaquePointer
    private let surface: OpaquePointer

    /// A canvas that starts as a copy of `image`.
    package init(_ image: Image) throws(ImagingError) {
        (width, height) = (image.width, image.height)
        let surface = try Canvas.surface(of: image)
        let context = cairo_create(surface)
        guard let context, cairo_status(context) == CAIRO_STATUS_SUCCESS else {
            cairo_destroy(context)
            cairo_surface_destroy(surface)
            throw .outOfMemory(operation: "draw on")
        }
        (self.surface, self.context) = (surface, context)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// A copy of what has been drawn so far.
    package func makeImage() -> Image {
        cairo_surface_flush(surface)
        return Image(width: width, height: height) { destination in
            guard let data = cairo_image_surface_get_data(surface) else { return destination.fill(Color(gray: 0)) }
            let stride = Int(cairo_image_surface_get_stride(surface))
            for y in 0..<height {
                let row = UnsafeRawPointer(data + y * stride)
                for x in 0..<width {
                    let word = row.load(fromByteOffset: 4 * x, as: UInt32.self)
                    destination[x, y] = Color(
                        red: UInt8(truncatingIfNeeded: word >> 16), green: UInt8(truncatingIfNeeded: word >> 8),
                        blue: UInt8(truncatingIfNeeded: word))
                }
            }
        }
    }

    /// Fills the inside of an outline.
    package func fill(_ path: Path, with paint: Paint, rule: FillRule = .winding) throws(ImagingError) {
        try setSource(paint)
        trace(path)
        cairo_set_fill_rule(context, rule == .winding ? CAIRO_FILL_RULE_WINDING : CAIRO_FILL_RULE_EVEN_ODD)
        cairo_fill(context)
    }

    /// Draws along an outline with a pen of `width` pixels.
    package func stroke(_ path: Path, width: Double, with paint: Paint) throws(ImagingError) {
        try setSource(paint)
        trace(path)
        cairo_set_line_width(context, width)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_stroke(context)
    }

    private func trace(_ path: Path) {
        cairo_new_path(context)
        for element in path.elements {
            switch element {
            case .move(let point): cairo_move_to(context, point.x, point.y)
            case .line(let point): cairo_line_to(context, point.x, point.y)
            case .curve(let first, let second, let end):
                cairo_curve_to(context, first.x, first.y, second.x, second.y, end.x, end.y)
            case .close: cairo_close_path(context)
            }
        }
    }

    private func setSource(_ paint: Paint) throws(ImagingError) {
        switch paint {
        case .color(let color, let opacity): setSource(color, opacity: opacity)
        case .gradient(let first, let start, let second, let end):
            let pattern = cairo_pattern_create_linear(start.x, start.y, end.x, end.y)
            defer { cairo_pattern_destroy(pattern) }
            for (offset, color) in [(0.0, first), (1.0, second)] {
                let parts = color.fractions
                cairo_pattern_add_color_stop_rgb(pattern, offset, parts.red, parts.green, parts.blue)
            }
            cairo_set_source(context, pattern)
        case .texture(let image):
            let texture = try Canvas.surface(of: image)
            defer { cairo_surface_destroy(texture) }  // the pattern keeps its own reference
            cairo_set_source_surface(context, texture, 0, 0)
            cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_REPEAT)
        }
    }

    func setSource(_ color: Color, opacity: Double = 1) {
        let parts = color.fractions
        cairo_set_source_rgba(context, parts.red, parts.green, parts.blue, opacity)
    }

    /// A new surface with the pixels of `image`, owned by the caller.
    private static func surface(of image: Image) throws(ImagingError) -> OpaquePointer {
        let largestSide = 32767
        guard image.width <= largestSide, image.height <= largestSide else {
            throw .failed(operation: "draw on", reason: "it is larger than \(largestSide) pixels")
        }
        let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(image.width), Int32(image.height))
        guard let surface, cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS,
            let data = cairo_image_surface_get_data(surface)
        else {
            cairo_surface_destroy(surface)
            throw .outOfMemory(operation: "draw on")
        }
        let stride = Int(cairo_image_surface_get_stride(surface))
        image.withView { source in
            for y in 0..<source.height {
                let (pixels, row) = (source.row(y), UnsafeMutableRawPointer(data + y * stride))
                for x in 0..<source.width {
                    let (red, green, blue) = (UInt32(pixels[3 * x]), UInt32(pixels[3 * x + 1]), UInt32(pixels[3 * x + 2]))
                    row.storeBytes(of: red << 16 | green << 8 | blue, toByteOffset: 4 * x, as: UInt32.self)
                }
            }
        }
        cairo_surface_mark_dirty(surface)
        return surface
    }
}

extension Color {
    fileprivate var fractions: (red: Double, green: Double, blue: Double) {
        (Double(red) / 255, Double(green) / 255, Double(blue) / 255)
    }

    /// Black or white, whichever reads better on this colour. Source: ITU-R BT.601 luma.
    package var readableTextColor: Color {
        let luma = 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)
        return Color(gray: luma > 150 ? 0 : 255)
    }
}
