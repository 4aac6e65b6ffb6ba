// MARK: Equalising, as copies

extension Image {
    /// A copy whose luma is spread evenly over its range, so that dark and flat pictures show what is in them.
    ///
    ///     let clear = try ImageFile.decode("night.jpg").equalizingHistogram()
    ///
    /// - Source: the reference's `hist_equalize` with `clahe=False`.
    /// - Throws: `ImagingError.outOfMemory`.
    public func equalizingHistogram() throws(ImagingError) -> Image {
        var copy = self
        try copy.withMutableView { view throws(ImagingError) in try view.equalizeHistogram() }
        return copy
    }

    /// A copy whose brightness is spread evenly in each of `tiles` by `tiles` parts; between the parts their curves are interpolated.
    ///
    /// - Parameters:
    ///   - clipLimit: How often its even share a level counts at most, 0 to 256; 0 is no limit. Small values keep noise down.
    ///   - tiles: 1 to 256.
    /// - Source: contrast-limited adaptive histogram equalization (Zuiderveld, Graphics Gems IV, 1994). With the defaults
    ///   the reference's `hist_equalize`.
    /// - Throws: `ImagingError.failed` for a parameter out of its range, `ImagingError.outOfMemory`.
    public func equalizingHistogramAdaptively(
        of brightness: Brightness = .luma, clipLimit: Double = 2, tiles: Int = 8
    ) throws(ImagingError) -> Image {
        guard 0...256 ~= clipLimit, 1...256 ~= tiles else {
            let reason = "a clip limit of \(clipLimit) and \(tiles) tiles were asked for; they are 0 to 256 and 1 to 256"
            throw .failed(operation: "equalize", reason: reason)
        }
        var copy = self
        try copy.withMutableView { view throws(ImagingError) in
            try view.equalizeHistogramAdaptively(of: brightness, clipLimit: clipLimit, tiles: tiles)
        }
        return copy
    }
}
