internal import CCairo

extension Canvas {
    /// Whether text can be drawn. Without a single font installed Pango gives up, so text is then left out.
    package static let hasFonts: Bool = {
        var families: UnsafeMutablePointer<UnsafeMutablePointer<PangoFontFamily>?>?
        var count: Int32 = 0
        pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &count)
        g_free(families)
        return count > 0
    }()

    /// The size that `text` takes, in pixels; `nil` when no font is installed.
    package func textSize(_ text: String, size: Double) -> (width: Double, height: Double)? {
        withLayout(of: text, size: size) { layout in
            var (width, height) = (Int32(0), Int32(0))
            pango_layout_get_pixel_size(layout, &width, &height)
            return (Double(width), Double(height))
        }
    }

    /// Draws one line of text with its top left corner at (`x`, `y`), `size` pixels high from ascender to descender or so.
    package func drawText(_ text: String, x: Double, y: Double, size: Double, color: Color) {
        withLayout(of: text, size: size) { layout in
            setSource(color)
            cairo_move_to(context, x, y)
            pango_cairo_show_layout(context, layout)
            cairo_new_path(context)
        }
    }

    /// Outlines a box (pixel corners) and hangs a filled tag with `label` on its upper edge: above it where there is room,
    /// else inside.
    ///
    /// - Parameters:
    ///   - lineWidth: pixels; by default 0.3 % of the picture's mean side, at least 2.
    ///   - fontSize: pixels; by default 5 line widths, at least 11.
    package func drawBox(
        x1: Double, y1: Double, x2: Double, y2: Double, color: Color, label: String? = nil,
        lineWidth: Double? = nil, fontSize: Double? = nil
    ) throws(ImagingError) {
        let line = lineWidth ?? max((0.003 * Double(width + height) / 2).rounded(), 2)
        let outline = Path.rectangle(x: x1, y: y1, width: x2 - x1, height: y2 - y1)
        try stroke(outline, width: line, with: .color(color))
        let fontSize = fontSize ?? max(5 * line, 11)
        guard let label, !label.isEmpty, let size = textSize(label, size: fontSize) else { return }
        let margin = (fontSize / 5).rounded()
        let (tagWidth, tagHeight) = (size.width + 2 * margin, size.height)
        let left = max(0, min(x1 - line / 2, Double(width) - tagWidth))
        let above = y1 - line / 2 - tagHeight
        let top = above >= 0 ? above : max(0, y1 - line / 2)
        try fill(.rectangle(x: left, y: top, width: tagWidth, height: tagHeight), with: .color(color))
        drawText(label, x: left + margin, y: top, size: fontSize, color: color.readableTextColor)
    }

    @discardableResult
    private func withLayout<Value>(of text: String, size: Double, _ body: (OpaquePointer) -> Value) -> Value? {
        guard Canvas.hasFonts, let layout = pango_cairo_create_layout(context) else { return nil }
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        let font = pango_font_description_from_string("Sans")
        defer { pango_font_description_free(font) }
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        pango_layout_set_single_paragraph_mode(layout, 1)
        pango_layout_set_text(layout, text, -1)
        return body(layout)
    }
}
