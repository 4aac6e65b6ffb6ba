/// Where the four images of a mosaic lie on its canvas, which is twice the training size either way.
///
/// The images meet at a random centre; what does not fit on the canvas is cut off.
/// - Source: the mosaic of YOLOv4 (Bochkovskiy et al., 2020, section 3.3) as in the reference's `load_mosaic`.
package struct MosaicLayout: Hashable, Sendable {
    /// Where the images meet, in pixels of the canvas.
    package var centerX: Int
    package var centerY: Int
    /// Image numbers: top left, top right, bottom left, bottom right.
    package var sources: [Int]

    package init(centerX: Int, centerY: Int, sources: [Int]) {
        precondition(sources.count == 4, "a mosaic has four images")
        self.centerX = centerX
        self.centerY = centerY
        self.sources = sources
    }

    /// A random mosaic around image `index`: its place and the other three images are drawn.
    init(around index: Int, imageCount: Int, imageSize: Int, random: inout SampleRandom) {
        let low = Double((imageSize + 1) / 2)
        let high = Double(2 * imageSize) - low
        centerY = Int(random.uniform(low, high))
        centerX = Int(random.uniform(low, high))
        sources = [index]
        for _ in 0..<3 { sources.append(random.index(below: imageCount)) }
        random.shuffle(&sources)
    }

    /// The top left corner on the canvas of image number `position` of `sources`, which is `width` by `height` pixels large.
    /// It may lie outside of the canvas.
    package func corner(_ position: Int, width: Int, height: Int) -> (x: Int, y: Int) {
        let isLeft = position % 2 == 0
        let isTop = position < 2
        return (isLeft ? centerX - width : centerX, isTop ? centerY - height : centerY)
    }
}
