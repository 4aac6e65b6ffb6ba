package import Detection

/// Takes labels along when an image is warped, and drops those of which too little is left.
///
/// - Source: the reference's `random_perspective` and `box_candidates`.
package struct ObjectWarp: Sendable {
    let map: ProjectiveMap
    /// The scale within `map`: an area is compared with the original one at this scale.
    let scale: Double
    let width: Int
    let height: Int

    package init(map: ProjectiveMap, scale: Double, width: Int, height: Int) {
        self.map = map
        self.scale = scale
        self.width = width
        self.height = height
    }

    /// The objects that can still be seen, with boxes in pixels of the output. Outlines have served their purpose and are left out.
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
        let (x1, y1, x2, y2) = (Double(box.x1), Double(box.y1), Double(box.x2), Double(box.y2))
        let corners = [map(SIMD2(x1, y1)), map(SIMD2(x2, y2)), map(SIMD2(x1, y2)), map(SIMD2(x2, y1))]
        let low = corners.reduce(corners[0], pointwiseMin)
        let high = corners.reduce(corners[0], pointwiseMax)
        return Box(x1: Float(low.x), y1: Float(low.y), x2: Float(high.x), y2: Float(high.y))
            .clipped(toWidth: Float(width), height: Float(height))
    }

    /// The bounds of what lies on the output, an empty box where nothing does. The outline is refined first: it may leave the
    /// image between two corners, and perspective bends its sides.
    private func bounds(_ polygon: Polygon) -> Box {
        let warped = Polygon(points: polygon.resampled().points.map { SIMD2<Float>(map(SIMD2<Double>($0))) })
        return warped.boundingBox(insideWidth: Float(width), height: Float(height)) ?? Box(x1: 0, y1: 0, x2: 0, y2: 0)
    }
}
