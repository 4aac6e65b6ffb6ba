@testable import Imaging

/// What `MosaicWarp` does in one step, in single ones.
extension ImageView {
    /// Shows this picture through `transform` (from these pixels to those of `destination`), interpolating linearly;
    /// `border` is the colour around it. The views share no memory.
    func warp(into destination: ImageView, transform: Homography, border: Color) {
        MosaicWarp(canvasWidth: width, canvasHeight: height, transform: transform, background: border)
            .render([.init(view: self, x: 0, y: 0)], into: destination)
    }

    /// Exchanges left and right in place.
    func flipHorizontally() {
        for y in 0..<height {
            var left = row(y)
            var right = left + 3 * (width - 1)
            while left < right {
                swap(&left[0], &right[0])
                swap(&left[1], &right[1])
                swap(&left[2], &right[2])
                left += 3
                right -= 3
            }
        }
    }

    /// Exchanges top and bottom in place.
    func flipVertically() {
        for y in 0..<height / 2 {
            let (top, bottom) = (row(y), row(height - 1 - y))
            for byte in 0..<3 * width { swap(&top[byte], &bottom[byte]) }
        }
    }
}
