/// A rectangle by centre and size (xywh), each a fraction of the image's width or height: what a label file holds.
public struct NormalizedBox: Hashable, Sendable, BitwiseCopyable {
    public var centerX, centerY, width, height: Float

    public init(centerX: Float, centerY: Float, width: Float, height: Float) {
        self.centerX = centerX
        self.centerY = centerY
        self.width = width
        self.height = height
    }

    /// The box in pixels (xyxy) of an image drawn `width` by `height` pixels large, its top left corner at (`left`, `top`).
    ///
    /// In a letterboxed image, `width` and `height` are those of the resized picture, `left` and `top` its padding.
    public func inPixels(width: Float, height: Float, left: Float = 0, top: Float = 0) -> Box {
        Box(
            x1: width * (centerX - self.width / 2) + left, y1: height * (centerY - self.height / 2) + top,
            x2: width * (centerX + self.width / 2) + left, y2: height * (centerY + self.height / 2) + top)
    }
}
