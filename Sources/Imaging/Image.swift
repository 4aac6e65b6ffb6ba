/// A colour of three 8-bit components.
public struct Color: Hashable, Sendable {
    public var red, green, blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    public init(gray level: UInt8) { self.init(red: level, green: level, blue: level) }
}

/// A picture in memory: 8-bit RGB, `[height, width, 3]`, rows without padding.
///
///     let image = try ImageFile.decode("bus.jpg")
///     let half = try image.resized(width: image.width / 2, height: image.height / 2, interpolation: .area)
public struct Image: Hashable, Sendable {
    public let width, height: Int
    /// `height * width * 3` bytes: R, G, B of the top left pixel, then of its right neighbour.
    public private(set) var pixels: [UInt8]

    /// - Precondition: `pixels` has `width * height * 3` bytes, and the image has at least one pixel.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(pixels.count == width * height * 3, "an image has three bytes a pixel")
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// An image of one colour.
    public init(width: Int, height: Int, filledWith color: Color = Color(gray: 0)) {
        self.init(width: width, height: height) { $0.fill(color) }
    }

    /// An image whose every pixel `write` sets; the view's bytes are undefined before.
    package init<Failure: Error>(
        width: Int, height: Int, writing write: (ImageView) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        let count = width * height * 3
        // The array's initializer does not know typed errors, so the outcome leaves through this variable.
        var outcome: Result<Void, Failure> = .success(())
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            guard let base = buffer.baseAddress else { return }
            let view = ImageView(base: base, width: width, height: height, bytesPerRow: width * 3)
            do throws(Failure) { try write(view) } catch { outcome = .failure(error) }
            initializedCount = count
        }
        try outcome.get()
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// Lends the pixels for reading; the view must neither be written to nor outlive the call.
    package func withView<Value, Failure: Error>(
        _ body: (ImageView) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try pixels.withUnsafeBufferPointer { buffer throws(Failure) in
            try body(ImageView(UnsafeMutableBufferPointer(mutating: buffer), width: width, height: height))
        }
    }

    /// Lends the pixels for reading and writing; the view must not outlive the call.
    package mutating func withMutableView<Value, Failure: Error>(
        _ body: (ImageView) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let (width, height) = (width, height)
        return try pixels.withUnsafeMutableBufferPointer { buffer throws(Failure) in
            try body(ImageView(buffer, width: width, height: height))
        }
    }

    /// A copy of another size, measured in pixels.
    public func resized(width: Int, height: Int, interpolation: Interpolation) throws(ImagingError) -> Image {
        try withView { source throws(ImagingError) in
            try Image(width: width, height: height) { destination throws(ImagingError) in
                try source.resize(into: destination, interpolation: interpolation)
            }
        }
    }
}
