/// The outline of an object: the corners of a closed polygon, the last joined to the first.
///
/// Coordinates are normalised as they come from a label file, pixels after `inPixels`.
package struct Polygon: Hashable, Sendable {
    /// Corners as (x, y), in order along the outline.
    package var points: [SIMD2<Float>]

    package init(points: [SIMD2<Float>]) {
        self.points = points
    }

    /// A normalised polygon in pixels of an image drawn `width` by `height` large, its top left corner at (`left`, `top`).
    package func inPixels(width: Float, height: Float, left: Float = 0, top: Float = 0) -> Polygon {
        Polygon(points: points.map { $0 * SIMD2(width, height) + SIMD2(left, top) })
    }

    /// The outline through `count` points, as many on each side as on any other; the first corner is both first and last.
    ///
    /// A warp moves points only, so a coarse outline is refined before it (`resample_segments` of the reference).
    package func resampled(count: Int = 1000) -> Polygon {
        guard count > 1, points.count > 1 else { return self }
        let step = Double(points.count) / Double(count - 1)
        return Polygon(points: (0..<count).map { index in
            let position = Double(index) * step
            let corner = min(Int(position), points.count - 1)
            let start = points[corner]
            let end = points[(corner + 1) % points.count]
            return start + (end - start) * Float(position - Double(corner))
        })
    }

    /// The smallest box that holds every point; nil without points.
    package var boundingBox: Box? {
        guard var low = points.first else { return nil }
        var high = low
        for point in points {
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        return Box(x1: low.x, y1: low.y, x2: high.x, y2: high.y)
    }

    /// The smallest box that holds the points inside an image of `width` by `height` pixels, edges included; nil without such
    /// points (`segment2box` of the reference, which then gives a box of zeros).
    package func boundingBox(insideWidth width: Float, height: Float) -> Box? {
        Polygon(points: points.filter { 0...width ~= $0.x && 0...height ~= $0.y }).boundingBox
    }
}
