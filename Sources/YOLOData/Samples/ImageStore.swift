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
    private var decoded: [Image] = []

    /// - Throws: `DataError.option` for a size that is no size; with `cache` `.ram` the error of the first image that cannot
    ///   be decoded.
    package init(_ set: LabeledImageSet, imageSize: Int, augments: Bool, cache: ImageCache = .none) throws(DataError) {
        guard imageSize > 0 else { throw .option(name: "image size", value: "\(imageSize)", allowed: "1 pixel and more") }
        labeled = set
        self.imageSize = imageSize
        self.augments = augments
        guard cache == .ram else { return }
        let store = self
        let results = concurrentMap(Array(labeled.images.indices)) { index in
            Result { () throws(DataError) in try store.image(index) }
        }
        for result in results { decoded.append(try result.get()) }
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
    package func image(_ index: Int) throws(DataError) -> Image {
        if !decoded.isEmpty { return decoded[index] }
        let known = labeled.images[index]
        do throws(ImagingError) {
            let image = try ImageFile.decode(known.path)
            if (image.width, image.height) == (known.width, known.height) {
                let (width, height) = size(index)
                let ratio = scale(known)
                if ratio == 1 { return image }
                let interpolation: Interpolation = augments || ratio > 1 ? .linear : .area
                return try image.resized(width: width, height: height, interpolation: interpolation)
            }
        } catch {
            throw .image(error)
        }
        throw .changedImage(path: known.path)
    }

    private func scale(_ image: LabeledImage) -> Double { Double(imageSize) / Double(max(image.width, image.height)) }
}
