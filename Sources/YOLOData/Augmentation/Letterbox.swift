package import Imaging

/// How an image is scaled and padded to a size with its proportions kept, centred on grey.
///
///     let letterbox = Letterbox(width: 1920, height: 1080, into: (640, 640))
///     try letterbox.draw(image, on: view)          // 640 by 360 pixels, 140 rows of grey above and below
///
/// - Source: the reference's `letterbox`.
package struct Letterbox: Hashable, Sendable {
    /// The colour of padding and of everything outside of an image.
    package static let gray = Color(gray: 114)

    package enum Fitting: Hashable, Sendable {
        /// Padded to the whole target.
        case padded
        /// Padded only to the next multiple of `stride` pixels.
        case minimal(stride: Int)
        /// Stretched to the whole target, proportions lost.
        case stretched
    }

    /// Size of the scaled image in pixels.
    package let resizedWidth: Int
    package let resizedHeight: Int
    /// Scaled size by original size.
    package let ratioX: Double
    package let ratioY: Double
    /// Padding on the left, in pixels; may be a half, then the pixel more is on the right.
    package let padX: Double
    /// Padding above, in pixels; may be a half, then the pixel more is below.
    package let padY: Double

    /// - Parameters:
    ///   - target: Size of the output in pixels.
    ///   - scalesUp: Whether a small image is enlarged.
    package init(
        width: Int, height: Int, into target: (width: Int, height: Int), fitting: Fitting = .padded, scalesUp: Bool = true
    ) {
        var ratio = min(Double(target.height) / Double(height), Double(target.width) / Double(width))
        if !scalesUp { ratio = min(ratio, 1) }
        // A very long image keeps one pixel of its short side.
        var resized = (
            width: max(Int((Double(width) * ratio).rounded(.toNearestOrEven)), 1),
            height: max(Int((Double(height) * ratio).rounded(.toNearestOrEven)), 1))
        var ratios = (x: ratio, y: ratio)
        var padding = (width: target.width - resized.width, height: target.height - resized.height)
        switch fitting {
        case .padded:
            break
        case .minimal(let stride):
            padding = (padding.width % stride, padding.height % stride)
        case .stretched:
            resized = target
            ratios = (Double(target.width) / Double(width), Double(target.height) / Double(height))
            padding = (0, 0)
        }
        (resizedWidth, resizedHeight) = resized
        (ratioX, ratioY) = (ratios.x, ratios.y)
        (padX, padY) = (Double(padding.width) / 2, Double(padding.height) / 2)
    }

    /// Pixels of padding on the left.
    package var left: Int { Int((padX - 0.1).rounded(.toNearestOrEven)) }
    /// Pixels of padding above.
    package var top: Int { Int((padY - 0.1).rounded(.toNearestOrEven)) }
    /// Size of the output in pixels.
    package var outputWidth: Int { left + resizedWidth + Int((padX + 0.1).rounded(.toNearestOrEven)) }
    package var outputHeight: Int { top + resizedHeight + Int((padY + 0.1).rounded(.toNearestOrEven)) }

    /// Draws an image of the size given at creation on a view of `outputWidth` by `outputHeight` pixels.
    package func draw(_ image: ImageView, on output: ImageView) throws(ImagingError) {
        precondition(output.width == outputWidth && output.height == outputHeight, "the output has the letterbox's size")
        if (resizedWidth, resizedHeight) != (outputWidth, outputHeight) { output.fill(Self.gray) }
        let inner = output.part(x: left, y: top, width: resizedWidth, height: resizedHeight)
        if (resizedWidth, resizedHeight) == (image.width, image.height) {
            image.copy(into: inner)
        } else {
            try image.resize(into: inner, interpolation: .linear)
        }
    }
}
