package import Imaging

/// A rare change of a whole sample's pixels, of the set that the reference takes from the package Albumentations where a
/// user has installed it.
package enum SampleFilter: Hashable, Sendable {
    /// The mean of `size` by `size` pixels.
    case blur(size: Int)
    /// The median of `size` by `size` pixels.
    case medianBlur(size: Int)
    case gray
    /// Lightness equalised in 8 by 8 parts of the picture.
    case equalized(clipLimit: Double)

    /// Each filter's own probability.
    private static let probability = 0.01

    /// Draws the filters of one sample, mostly none, in the order in which they are applied. The ranges are the package's.
    static func draw(random: inout SampleRandom) -> [SampleFilter] {
        func size() -> Int { 3 + 2 * random.index(below: 3) }
        var filters: [SampleFilter] = []
        if random.chance(probability) { filters.append(.blur(size: size())) }
        if random.chance(probability) { filters.append(.medianBlur(size: size())) }
        if random.chance(probability) { filters.append(.gray) }
        if random.chance(probability) { filters.append(.equalized(clipLimit: random.uniform(1, 4))) }
        return filters
    }

    package func apply(to view: ImageView) throws(ImagingError) {
        switch self {
        case .blur(let size): try view.blur(size: size)
        case .medianBlur(let size): try view.medianBlur(size: size)
        case .gray: try view.makeGray()
        case .equalized(let clipLimit): try view.equalizeHistogramAdaptively(of: .lightness, clipLimit: clipLimit)
        }
    }
}
