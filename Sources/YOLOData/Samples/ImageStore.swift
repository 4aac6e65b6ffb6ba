package import Imaging

/// The images of a set, decoded and scaled so that the long side is the training size, from files or from a cache: the bytes
/// are the same.
package struct ImageStore: Sendable {
    package let labeled: LabeledImageSet
    private let reader: ImageReader
    private let cached: (any CachedImages)?
    /// What the cache has come to; `nil` without one.
    package let cacheReport: ImageCacheReport?

    /// - Parameters:
    ///   - imageSize: The long side in pixels.
    ///   - augments: Whether images are read to be augmented: large ones are then shrunk the fast way.
    ///   - progress: Told of each image that is cached.
    /// - Throws: `DataError.option` for a size out of range; with a cache `DataError.image` for a file that cannot be read.
    package init(
        _ set: LabeledImageSet, imageSize: Int, augments: Bool, cache: ImageCacheSettings = .none, progress: CacheProgress? = nil
    ) throws(DataError) {
        guard 1...65_536 ~= imageSize else {
            throw .option(name: "image size", value: "\(imageSize)", allowed: "1 to 65536 pixels")
        }
        labeled = set
        reader = ImageReader(imageSize: imageSize, isForTraining: augments)
        switch cache.cache {
        case .none:
            (cached, cacheReport) = (nil, nil)
        case .ram:
            let (images, report) = try MemoryCache.filled(
                from: reader, set.images.sources, settings: cache, available: AvailableMemory().bytes, progress: progress)
            (cached, cacheReport) = (images, report)
        case .disk:
            let (images, report) = try DiskCache.filled(from: reader, set.images.sources, settings: cache, progress: progress)
            (cached, cacheReport) = (images, report)
        }
    }

    package var count: Int { labeled.images.count }

    /// The long side in pixels.
    package var imageSize: Int { reader.imageSize }

    /// The size of an image at training size, in pixels.
    package func size(_ index: Int) -> (width: Int, height: Int) { reader.size(labeled.images.source(index)) }

    /// An image at training size, or at least a part of it, to the bit as it is in the whole.
    ///
    /// One damaged file among many thousands must not end a training of days: plain gray of the same size takes its place.
    /// - Parameter part: Not empty, and inside of the image; `nil` is all of it.
    /// - Throws: `DataError.image` for a file that cannot be read at all, such as one on a disk that is gone.
    package func load(_ index: Int, part: PixelRect?) throws(DataError) -> StoredImage {
        let known = labeled.images.source(index)
        let (width, height) = reader.size(known)
        let part = part ?? PixelRect(width: width, height: height)
        do throws(DataError) {
            switch cached?.content(index) {
            case .pixels(let lent): return StoredImage(lent: lent, width: width, height: height)
            case .file(let lent):
                defer { withExtendedLifetime(lent.memory) {} }
                return StoredImage(try reader.decode(lent.bytes, of: known, part), place: part)
            case nil: return StoredImage(try reader.read(known, part), place: part)
            }
        } catch {
            guard error.isDamageOfImage else { throw error }
            let gray = Image(width: part.width, height: part.height, filledWith: Letterbox.gray)
            return StoredImage(gray, place: part, damage: error)
        }
    }

    /// A whole image at training size; with `damage`, the reason why it could not be decoded, it is plain gray.
    package func load(_ index: Int) throws(DataError) -> (image: Image, damage: DataError?) {
        let stored = try load(index, part: nil)
        return (stored.image, stored.damage)
    }
}
