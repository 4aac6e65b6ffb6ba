internal import COpenCV

/// Borrowed pixels: an image, a part of one, or a slot of a batch. 8-bit RGB, `[height, width, 3]`.
///
/// A view owns nothing and checks nothing after its creation: whoever lends it keeps the memory alive, and one thread at
/// a time writes.
package struct ImageView {
    package let base: UnsafeMutablePointer<UInt8>
    package let width, height: Int
    /// Bytes from one row to the next, at least `3 * width`.
    package let bytesPerRow: Int

    package init(base: UnsafeMutablePointer<UInt8>, width: Int, height: Int, bytesPerRow: Int) {
        precondition(width > 0 && height > 0 && bytesPerRow >= 3 * width, "a view has at least one pixel, and whole rows")
        (self.base, self.width, self.height, self.bytesPerRow) = (base, width, height, bytesPerRow)
    }

    /// A view of a whole buffer without padding between its rows.
    package init(_ buffer: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int) {
        guard let base = buffer.baseAddress, buffer.count == 3 * width * height else {
            preconditionFailure("an image has three bytes a pixel")
        }
        self.init(base: base, width: width, height: height, bytesPerRow: 3 * width)
    }

    /// The rectangle with its top left pixel at (`x`, `y`); it shares this view's memory.
    package func part(x: Int, y: Int, width: Int, height: Int) -> ImageView {
        let isInside = x >= 0 && y >= 0 && x + width <= self.width && y + height <= self.height
        precondition(isInside, "the part lies inside the view")
        return ImageView(base: row(y) + 3 * x, width: width, height: height, bytesPerRow: bytesPerRow)
    }

    package func row(_ y: Int) -> UnsafeMutablePointer<UInt8> { base + y * bytesPerRow }

    /// The colour of a pixel.
    package subscript(x: Int, y: Int) -> Color {
        get {
            let pixel = row(y) + 3 * x
            return Color(red: pixel[0], green: pixel[1], blue: pixel[2])
        }
        nonmutating set {
            let pixel = row(y) + 3 * x
            (pixel[0], pixel[1], pixel[2]) = (newValue.red, newValue.green, newValue.blue)
        }
    }

    var raw: COView {
        COView(data: base, width: Int32(width), height: Int32(height), row_bytes: Int64(bytesPerRow))
    }
}

// MARK: Filling, copying

extension ImageView {
    package func fill(_ color: Color) {
        if color.red == color.green && color.green == color.blue {
            for y in 0..<height { row(y).update(repeating: color.red, count: 3 * width) }
        } else {
            for x in 0..<width { self[x, 0] = color }
            for y in 1..<max(height, 1) { row(y).update(from: row(0), count: 3 * width) }
        }
    }

    /// Copies these pixels into a view of the same size that shares no memory with this one.
    package func copy(into destination: ImageView) {
        precondition(width == destination.width && height == destination.height, "both views have the same size")
        for y in 0..<height { destination.row(y).update(from: row(y), count: 3 * width) }
    }
}
