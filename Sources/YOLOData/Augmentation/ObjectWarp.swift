package import Detection
package import Imaging

/// Takes labels along when an image is warped, and drops those of which too little is left.
///
/// - Source: the reference's `random_perspective` and `box_candidates`.
package struct ObjectWarp: Sendable {
    let transform: Homography
    /// The scale within `transform`: an area is compared with the original one at this scale.
    let scale: Double
    let width: Int
    let height: Int

    package init(transform: Homography, scale: Double, width: Int, height: Int) {
        self.transform = transform
        self.scale = scale
        self.width = width
        self.height = height
    }

    /// The objects that can still be seen, with boxes in pixels of the output. Outlines have served and are left out.
    package func callAsFunction(_ objects: [PlacedObject]) -> [PlacedObject] {
        objects.compactMap { object in
            let box = object.polygon.map(bounds) ?? bounds(object.box)
            let areaThreshold = object.polygon == nil ? 0.1 : 0.01
            guard Self.isVisible(box, before: object.box, scale: scale, areaThreshold: areaThreshold) else { return nil }
            return PlacedObject(classIndex: object.classIndex, box: box)
        }
    }

    /// Whether a warped box is worth training on: more than 2 pixels either way, a shape of less than 1 to 100, and more than
    /// `areaThreshold` of its area left.
    package static func isVisible(_ box: Box, before: Box, scale: Double = 1, areaThreshold: Double = 0.1) -> Bool {
        let (width, height) = (Double(box.x2) - Double(box.x1), Double(box.y2) - Double(box.y1))
        let areaBefore = (Double(before.x2) - Double(before.x1)) * (Double(before.y2) - Double(before.y1)) * scale * scale
        let tiny = 1e-16
        return width > 2 && height > 2
            && width * height / (areaBefore + tiny) > areaThreshold
            && max(width / (height + tiny), height / (width + tiny)) < 100
    }

    private func bounds(_ box: Box) -> Box {
        let corners = [(box.x1, box.y1), (box.x2, box.y2), (box.x1, box.y2), (box.x2, box.y1)]
        let outline = Polygon(points: corners.map { warped(SIMD2($0.0, $0.1)) })
        return (outline.boundingBox ?? box).clipped(toWidth: Float(width), height: Float(height))
    }

    /// The bounds of what lies on the output, an empty box where nothing does.
    ///
    /// The outline is refined first (`Polygon.resampled`): it may leave the image between two corners, and perspective bends
    /// its sides. A straight line stays straight, so of an outline that is seen whole only the ends of its sides are looked
    /// at, and of one that is out of sight only its corners.
    private func bounds(_ polygon: Polygon) -> Box {
        let nothing = Box(x1: 0, y1: 0, x2: 0, y2: 0)
        let (right, bottom) = (Float(width), Float(height))
        let outline = RefinedOutline(polygon)
        var bounds = PointBounds()
        if let corners = boundsInFront(polygon) {
            if corners.high.x < 0 || corners.high.y < 0 || corners.low.x > right || corners.low.y > bottom { return nothing }
            if corners.low.x >= 0 && corners.low.y >= 0 && corners.high.x <= right && corners.high.y <= bottom {
                outline.forEachSideEnd { bounds.insert(warped($0)) }
                return bounds.box ?? nothing
            }
        }
        outline.forEach { point in
            let place = warped(point)
            if 0...right ~= place.x && 0...bottom ~= place.y { bounds.insert(place) }
        }
        return bounds.box ?? nothing
    }

    /// The bounds of all corners, nil where one lies on the horizon or behind the viewer.
    private func boundsInFront(_ polygon: Polygon) -> PointBounds? {
        let m = transform.elements
        var bounds = PointBounds()
        for point in polygon.points {
            guard m[6] * Double(point.x) + m[7] * Double(point.y) + m[8] > 0 else { return nil }
            bounds.insert(warped(point))
        }
        return bounds
    }

    private func warped(_ point: SIMD2<Float>) -> SIMD2<Float> {
        let place = transform(x: Double(point.x), y: Double(point.y))
        return SIMD2(Float(place.x), Float(place.y))
    }
}

/// The points of `Polygon.resampled`, made when they are asked for.
private struct RefinedOutline {
    private let corners: [SIMD2<Float>]
    private let count = 1000

    init(_ polygon: Polygon) { corners = polygon.points }

    private var step: Double { Double(corners.count) / Double(count - 1) }

    private func point(_ index: Int) -> SIMD2<Float> {
        let position = Double(index) * step
        let corner = min(Int(position), corners.count - 1)
        let (start, end) = (corners[corner], corners[corner + 1 < corners.count ? corner + 1 : 0])
        return start + (end - start) * Float(position - Double(corner))
    }

    func forEach(_ body: (SIMD2<Float>) -> Void) {
        guard corners.count > 1 else { return corners.forEach(body) }
        for index in 0..<count { body(point(index)) }
    }

    /// Of each side its first and its last point, at least.
    func forEachSideEnd(_ body: (SIMD2<Float>) -> Void) {
        guard corners.count > 1, corners.count < count / 3 else { return forEach(body) }
        body(point(0))
        for side in 1..<corners.count {
            let first = Int((Double(side) / step).rounded(.up))
            body(point(first - 1))
            body(point(first))
        }
        body(point(count - 1))
    }
}

/// The smallest box around points.
private struct PointBounds {
    private(set) var low = SIMD2<Float>(repeating: .infinity)
    private(set) var high = SIMD2<Float>(repeating: -.infinity)

    mutating func insert(_ point: SIMD2<Float>) {
        low = pointwiseMin(low, point)
        high = pointwiseMax(high, point)
    }

    /// Nil without points.
    var box: Box? { low.x <= high.x ? Box(x1: low.x, y1: low.y, x2: high.x, y2: high.y) : nil }
}
