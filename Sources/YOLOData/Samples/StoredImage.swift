package import Imaging

/// An image at training size, or the part of it that was asked for.
package struct StoredImage: Sendable {
    /// Where the pixels lie in the image at training size.
    package let place: PixelRect
    /// The reason why the image could not be decoded; its pixels are plain gray then.
    package let damage: DataError?
    private let pixels: Pixels

    private enum Pixels {
        case owned(Image)
        /// Of a cache; they are the whole image.
        case lent(LentBytes)
    }

    init(_ image: Image, place: PixelRect, damage: DataError? = nil) {
        precondition((image.width, image.height) == (place.width, place.height), "the pixels fill their place")
        (self.place, self.damage, pixels) = (place, damage, .owned(image))
    }

    /// - Parameter lent: The pixels of a whole image, without gaps between its rows.
    init(lent: LentBytes, width: Int, height: Int) {
        precondition(lent.bytes.count == 3 * width * height, "an image has three bytes a pixel")
        (place, damage, pixels) = (PixelRect(width: width, height: height), nil, .lent(lent))
    }

    /// Lends the pixels for reading; the view must neither be written to nor outlive the call.
    package func withView<Value, Failure: Error>(
        _ body: (ImageView) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        switch pixels {
        case .owned(let image): return try image.withView(body)
        case .lent(let lent):
            let bytes = UnsafeMutableRawBufferPointer(mutating: lent.bytes).bindMemory(to: UInt8.self)
            defer { withExtendedLifetime(lent.memory) {} }
            return try body(ImageView(bytes, width: place.width, height: place.height))
        }
    }

    /// The pixels as an image of their own; a copy if they are a cache's.
    package var image: Image {
        switch pixels {
        case .owned(let image): image
        case .lent: withView { view in Image(width: place.width, height: place.height) { view.copy(into: $0) } }
        }
    }
}
