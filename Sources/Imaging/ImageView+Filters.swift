internal import COpenCV

/// What counts as the brightness of a colour.
public enum Brightness: Hashable, Sendable {
    /// Y of YUV, the weighted sum of a television set.
    case luma
    /// L of CIE Lab, even to the eye.
    case lightness
}

// MARK: Blurring, graying, equalising, all in place

extension ImageView {
    /// Gives each pixel the mean of the `size` by `size` pixels around it. `size` is odd.
    package func blur(size: Int) throws(ImagingError) {
        try co_blur(raw, Int32(size)).check("blur")
    }

    /// Gives each pixel the median of the `size` by `size` pixels around it, component by component. `size` is odd.
    package func medianBlur(size: Int) throws(ImagingError) {
        try co_median_blur(raw, Int32(size)).check("blur")
    }

    /// Takes the colours out: all components become the luma.
    package func makeGray() throws(ImagingError) {
        try co_to_gray(raw).check("gray")
    }

    /// Spreads the luma of the picture evenly over its range.
    ///
    /// - Source: the reference's `hist_equalize` with `clahe=False`.
    package func equalizeHistogram() throws(ImagingError) {
        try co_equalize(raw).check("equalize")
    }

    /// Spreads the brightness evenly in each of `tiles` by `tiles` parts of the picture, where no level counts more than
    /// `clipLimit` times its even share; between the parts their curves are interpolated.
    ///
    /// - Source: contrast-limited adaptive histogram equalization (Zuiderveld, Graphics Gems IV, 1994). With the defaults
    ///   the reference's `hist_equalize`.
    package func equalizeHistogramAdaptively(
        of brightness: Brightness = .luma, clipLimit: Double = 2, tiles: Int = 8
    ) throws(ImagingError) {
        let channel: COBrightness =
            switch brightness {
            case .luma: .LUMA
            case .lightness: .LIGHTNESS
            }
        try co_equalize_adaptively(raw, channel, clipLimit, Int32(tiles)).check("equalize")
    }
}
