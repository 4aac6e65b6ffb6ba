internal import COpenCV

/// How a resize finds the value of a pixel that falls between others.
public enum Interpolation: Hashable, Sendable {
    /// Between the four nearest pixels. For enlarging, and fast.
    case linear
    /// The mean of the pixels covered. For shrinking without moiré.
    case area
}

extension ImageView {
    /// Resizes these pixels to the size of `destination`, which shares no memory with this view.
    package func resize(into destination: ImageView, interpolation: Interpolation) throws(ImagingError) {
        let method: COInterpolation =
            switch interpolation {
            case .linear: .LINEAR
            case .area: .AREA
            }
        try co_resize(destination.raw, raw, method).check("resize")
    }
}
