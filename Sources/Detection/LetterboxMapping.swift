/// How an image lies in the network's input: scaled by `gain`, then moved by `left` and `top` pixels of padding.
///
///     let mapping = LetterboxMapping(imageWidth: 500, imageHeight: 375, inputWidth: 640, inputHeight: 640)
///     let found = mapping.boxInImage(detection.box)       // pixels of the 500 by 375 image
package struct LetterboxMapping: Hashable, Sendable {
    /// Size of the original image in pixels.
    package let imageWidth, imageHeight: Int
    /// Input pixels for a pixel of the image.
    package let gain: Float
    /// Padding before the image, in input pixels.
    package let left, top: Float

    /// The mapping that the loader used, from its own record of the scale and padding.
    package init(imageWidth: Int, imageHeight: Int, gain: Float, left: Float, top: Float) {
        self.imageWidth = imageWidth
        self.imageHeight = imageHeight
        self.gain = gain
        self.left = left
        self.top = top
    }

    /// The largest scale at which the image fits into the input, with the image in the middle.
    package init(imageWidth: Int, imageHeight: Int, inputWidth: Int, inputHeight: Int) {
        let gain = min(Double(inputHeight) / Double(imageHeight), Double(inputWidth) / Double(imageWidth))
        self.init(
            imageWidth: imageWidth, imageHeight: imageHeight, gain: Float(gain),
            left: Float((Double(inputWidth) - Double(imageWidth) * gain) / 2),
            top: Float((Double(inputHeight) - Double(imageHeight) * gain) / 2))
    }

    /// A box in input pixels as pixels of the original image, clipped to it (`scale_boxes` of the reference).
    package func boxInImage(_ box: Box) -> Box {
        Box(
            x1: (box.x1 - left) / gain, y1: (box.y1 - top) / gain,
            x2: (box.x2 - left) / gain, y2: (box.y2 - top) / gain
        ).clipped(toWidth: Float(imageWidth), height: Float(imageHeight))
    }
}
