import Imaging

extension ImageView {
    /// Shows this picture through `transform` (from these pixels to those of `destination`), interpolating linearly;
    /// `border` is the colour around it. The views share no memory.
    func warp(into destination: ImageView, transform: Homography, border: Color) {
        MosaicWarp(canvasWidth: width, canvasHeight: height, transform: transform, background: border)
            .render([.init(view: self, x: 0, y: 0)], into: destination)
    }
}
