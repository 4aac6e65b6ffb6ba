import Imaging

/// Makes images of training size from files: the long side is the training size.
///
/// A JPEG that is at least twice as large is decoded at a half, a quarter or an eighth of its size for training, which takes less
/// time and leaves no moiré; the reference decodes everything and then picks pixels. Validation does as the reference, so that its results
/// can be compared.
///
/// - Source: the reference's `load_image`.
struct ImageReader: Sendable {
    /// The long side in pixels.
    let imageSize: Int
    let isForTraining: Bool

    /// The size of an image at training size, in pixels.
    func size(_ image: SourceImage) -> (width: Int, height: Int) {
        let ratio = scale(image)
        // Rounded down as in the reference; a very long image keeps one pixel of its short side.
        return (max(Int(Double(image.width) * ratio), 1), max(Int(Double(image.height) * ratio), 1))
    }

    /// Of an image as pixels.
    func byteCount(_ image: SourceImage) -> Int {
        let (width, height) = size(image)
        return 3 * width * height
    }

    /// Of the way that images are made.
    var fingerprint: ImageFingerprint { ImageFingerprint(imageSize: imageSize, isForTraining: isForTraining) }

    /// A part of an image at training size.
    ///
    /// - Throws: `DataError.image` for a file that cannot be read or decoded, `DataError.changedImage`.
    func read(_ image: SourceImage, _ part: PixelRect) throws(DataError) -> Image {
        let bytes: [UInt8]
        do throws(ImagingError) {
            bytes = try ImageFile.read(image.path)
        } catch {
            throw .image(error)
        }
        return try bytes.withRawBytes { buffer throws(DataError) in try decode(buffer, of: image, part) }
    }

    /// The same from the content of the file.
    func decode(_ bytes: UnsafeRawBufferPointer, of image: SourceImage, _ part: PixelRect) throws(DataError) -> Image {
        do throws(ImagingError) {
            let decoder = try ImageDecoder(bytes, name: image.path)
            if decoder.size() == (image.width, image.height) { return try decode(decoder, of: image, part) }
        } catch {
            throw .image(error)
        }
        throw .changedImage(path: image.path)
    }

    private func decode(_ decoder: ImageDecoder, of image: SourceImage, _ part: PixelRect) throws(ImagingError) -> Image {
        let (width, height) = size(image)
        if !isForTraining, scale(image) < 1 {
            return try decoder.decode().resized(width: width, height: height, interpolation: .area).cut(to: part)
        }
        let denominator = isForTraining && decoder.decodesParts ? denominator(image) : 1
        let source = decoder.size(denominator: denominator)
        if source == (width, height) { return try decoder.decode(part, denominator: denominator) }
        let resize = LinearResize(from: source, to: (width, height))
        let needed = resize.source(for: part)
        return try resize.render(decoder.decode(needed, denominator: denominator), at: needed, part)
    }

    /// By how much an image may be decoded smaller and still be no smaller than the training size.
    private func denominator(_ image: SourceImage) -> Int {
        [8, 4, 2].first { max(image.width, image.height) >= $0 * imageSize } ?? 1
    }

    private func scale(_ image: SourceImage) -> Double { Double(imageSize) / Double(max(image.width, image.height)) }
}

// MARK: For caches

extension ImageReader {
    /// The whole image, `nil` if it is damaged or has changed.
    ///
    /// - Throws: `DataError.image` for a file that cannot be read at all.
    func wholeIfSound(_ image: SourceImage) throws(DataError) -> Image? {
        let (width, height) = size(image)
        do throws(DataError) {
            return try read(image, PixelRect(width: width, height: height))
        } catch {
            if error.isDamageOfImage { return nil }
            throw error
        }
    }

    /// Puts the whole image into memory of its size.
    ///
    /// - Returns: Whether the image is sound.
    func copyPixels(of image: SourceImage, into memory: UnsafeMutableRawBufferPointer) throws(DataError) -> Bool {
        guard let pixels = try wholeIfSound(image)?.pixels, pixels.count == memory.count else { return false }
        memory.copyBytes(from: pixels)
        return true
    }

    /// Puts the image's file into memory of its size.
    ///
    /// - Returns: Whether the file still has that size.
    func copyFile(of image: SourceImage, into memory: UnsafeMutableRawBufferPointer) throws(DataError) -> Bool {
        do throws(ImagingError) {
            let bytes = try ImageFile.read(image.path)
            guard bytes.count == memory.count else { return false }
            memory.copyBytes(from: bytes)
            return true
        } catch {
            // It has become larger than any picture.
            if DataError.image(error).isDamageOfImage { return false }
            throw .image(error)
        }
    }
}

extension DataError {
    /// Whether the fault is in one image, and training can go on without it.
    var isDamageOfImage: Bool {
        switch self {
        case .changedImage, .image(.undecodable): true
        default: false
        }
    }
}
