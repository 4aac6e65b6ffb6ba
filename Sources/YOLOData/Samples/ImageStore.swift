package import Imaging

/// Whether decoded images stay in memory (`--cache`).
public enum ImageCache: String, Hashable, Sendable, CaseIterable {
    case none
    case ram
}

/// The images of a set, decoded and scaled so that the long side is the training size.
///
/// - Source: the reference's `load_image`.
package struct ImageStore: Sendable {
    package let labeled: LabeledImageSet
    /// The long side in pixels.
    package let imageSize: Int
    /// Whether images are read to be augmented: they are then shrunk the fast way.
    private let augments: Bool
    /// Every image, or none.
    private var loaded: [LoadedImage] = []

    /// An image at training size. With `damage`, the reason why it could not be decoded, it is plain gray.
    package typealias LoadedImage = (image: Image, damage: DataError?)

    /// - Throws: `DataError.option` for a size out of range; with `cache` `.ram` also what `load` throws.
    package init(_ set: LabeledImageSet, imageSize: Int, augments: Bool, cache: ImageCache = .none) throws(DataError) {
        guard 1...65_536 ~= imageSize else {
            throw .option(name: "image size", value: "\(imageSize)", allowed: "1 to 65536 pixels")
        }
        labeled = set
        self.imageSize = imageSize
        self.augments = augments
        guard cache == .ram else { return }
        let store = self
        let results = concurrentMap(Array(labeled.images.indices)) { index in
            Result { () throws(DataError) in try store.load(index) }
        }
        for result in results { loaded.append(try result.get()) }
    }

    package var count: Int { labeled.images.count }

    /// The size of an image at training size, in pixels.
    package func size(_ index: Int) -> (width: Int, height: Int) {
        let image = labeled.images[index]
        let ratio = scale(image)
        // Rounded down as in the reference; a very long image keeps one pixel of its short side.
        return (max(Int(Double(image.width) * ratio), 1), max(Int(Double(image.height) * ratio), 1))
    }

    /// An image at training size.
    ///
    /// One damaged file among many thousands must not end a training of days: plain gray of the same size takes its place.
    /// - Throws: `DataError.image` for a file that cannot be read at all, such as one on a disk that is gone.
    package func load(_ index: Int) throws(DataError) -> LoadedImage {
        if !loaded.isEmpty { return loaded[index] }
        let known = labeled.images[index]
        let (width, height) = size(index)
        func gray(_ damage: DataError) -> LoadedImage {
            (Image(width: width, height: height, filledWith: Letterbox.gray), damage)
        }
        do throws(ImagingError) {
            let image = try ImageFile.decode(known.path)
            guard (image.width, image.height) == (known.width, known.height) else {
                return gray(.changedImage(path: known.path))
            }
            let ratio = scale(known)
            if ratio == 1 { return (image, nil) }
            let interpolation: Interpolation = augments || ratio > 1 ? .linear : .area
            return (try image.resized(width: width, height: height, interpolation: interpolation), nil)
        } catch {
            if case .undecodable = error { return gray(.image(error)) }
            throw .image(error)
        }
    }

    private func scale(_ image: LabeledImage) -> Double { Double(imageSize) / Double(max(image.width, image.height)) }
}
