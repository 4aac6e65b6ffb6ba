package import Detection

/// A labelled object on an image that is being made, in its pixels.
package struct PlacedObject: Hashable, Sendable {
    package var classIndex: Int
    package var box: Box
    /// The outline in pixels; nil where the label is a box only.
    package var polygon: Polygon?

    package init(classIndex: Int, box: Box, polygon: Polygon? = nil) {
        self.classIndex = classIndex
        self.box = box
        self.polygon = polygon
    }

    /// Moves what lies outside of a square canvas to its border.
    package func clipped(toSide side: Float) -> PlacedObject {
        let corner = SIMD2(repeating: side)
        return PlacedObject(
            classIndex: classIndex, box: box.clipped(toWidth: side, height: side),
            polygon: polygon.map { Polygon(points: $0.points.map { $0.clamped(lowerBound: .zero, upperBound: corner) }) })
    }

    /// The label of the finished image, `width` by `height` pixels large.
    ///
    /// The box is clipped a thousandth of a pixel within the border, as in the reference, so that it ends inside.
    package func label(width: Int, height: Int) -> BoxLabel {
        let (width, height) = (Float(width), Float(height))
        let inside = box.clipped(toWidth: width - 1e-3, height: height - 1e-3)
        return BoxLabel(classIndex: classIndex, box: inside.normalized(width: width, height: height))
    }
}

extension LabeledObject {
    /// The object of an image that is drawn `width` by `height` pixels large with its corner at (`left`, `top`).
    package func placed(width: Float, height: Float, left: Float, top: Float) -> PlacedObject {
        PlacedObject(
            classIndex: classIndex, box: box.inPixels(width: width, height: height, left: left, top: top),
            polygon: polygon?.inPixels(width: width, height: height, left: left, top: top))
    }
}

extension LabeledImage {
    /// Objects with an outline.
    var outlineCount: Int { objects.count { $0.polygon != nil } }
}

/// The label of one object of a finished sample, normalised.
package struct BoxLabel: Hashable, Sendable {
    package var classIndex: Int
    package var box: NormalizedBox

    package init(classIndex: Int, box: NormalizedBox) {
        self.classIndex = classIndex
        self.box = box
    }
}
