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

    /// The bounds of what lies on the output, an empty box where nothing does. The outline is refined first: it may leave the
    /// image between two corners, and perspective bends its sides.
    private func bounds(_ polygon: Polygon) -> Box {
        let outline = Polygon(points: polygon.resampled().points.map(warped))
        return outline.boundingBox(insideWidth: Float(width), height: Float(height)) ?? Box(x1: 0, y1: 0, x2: 0, y2: 0)
    }

    private func warped(_ point: SIMD2<Float>) -> SIMD2<Float> {
        let place = transform(x: Double(point.x), y: Double(point.y))
        return SIMD2(Float(place.x), Float(place.y))
    }
}
