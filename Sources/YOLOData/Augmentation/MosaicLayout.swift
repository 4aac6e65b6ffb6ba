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

    /// One image on the canvas. The image's corner lies at (`x`, `y`), which may be outside of the canvas.
    package struct Tile: Hashable, Sendable {
        package var x: Int
        package var y: Int
        /// The part of the canvas that it covers.
        package var left: Int
        package var top: Int
        package var right: Int
        package var bottom: Int
    }

    /// Places image number `position` of `sources`, `width` by `height` pixels large, on a canvas of `canvasSize` a side.
    package func tile(_ position: Int, width: Int, height: Int, canvasSize: Int) -> Tile {
        let isLeft = position % 2 == 0
        let isTop = position < 2
        let x = isLeft ? centerX - width : centerX
        let y = isTop ? centerY - height : centerY
        return Tile(
            x: x, y: y, left: max(x, 0), top: max(y, 0), right: min(x + width, canvasSize), bottom: min(y + height, canvasSize))
    }
}
