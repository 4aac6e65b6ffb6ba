import Detection

/// One object of a foreign data set, in pixels of its image.
struct AnnotatedObject: Sendable {
    /// Where its annotation stands, to be named in messages.
    enum Place: Hashable, Sendable {
        case annotation(AnnotationID), line(Int), object(Int), feature(Int)
    }

    var classIndex: Int
    var box: PixelBox
    /// The outline, of three or more corners; empty where only the box is known.
    var outline: [SIMD2<Double>] = []
    var place: Place
}

extension AnnotatedObject.Place: CustomStringConvertible {
    var description: String {
        switch self {
        case .annotation(let id): "annotation \(id)"
        case .line(let line): "line \(line)"
        case .object(let ordinal): "object \(ordinal)"
        case .feature(let ordinal): "feature \(ordinal)"
        }
    }
}

/// A rectangle in pixels by its corners (xyxy). Double, because labels have more digits than a `Float` of pixels keeps.
struct PixelBox: Hashable, Sendable {
    var x1, y1, x2, y2: Double

    init(x1: Double, y1: Double, x2: Double, y2: Double) {
        (self.x1, self.y1, self.x2, self.y2) = (x1, y1, x2, y2)
    }

    /// By the upper left corner and the size.
    init(left: Double, top: Double, width: Double, height: Double) {
        self.init(x1: left, y1: top, x2: left + width, y2: top + height)
    }

    /// The smallest one that holds the points; nil without points.
    init?(around points: [SIMD2<Double>]) {
        guard var low = points.first else { return nil }
        var high = low
        for point in points {
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        self.init(x1: low.x, y1: low.y, x2: high.x, y2: high.y)
    }

    var isFinite: Bool { x1.isFinite && y1.isFinite && x2.isFinite && y2.isFinite }

    /// Clockwise from the upper left.
    var corners: [SIMD2<Double>] { [SIMD2(x1, y1), SIMD2(x2, y1), SIMD2(x2, y2), SIMD2(x1, y2)] }

    /// The part inside an image.
    ///
    /// - Parameter slack: What may stand out on a side and stay, as a fraction of the image.
    func clipped(toWidth width: Double, height: Double, slack: Double) -> PixelBox {
        func clip(_ coordinate: Double, to size: Double) -> Double {
            -slack * size...(1 + slack) * size ~= coordinate ? coordinate : coordinate.clamped(to: 0...size)
        }
        return PixelBox(x1: clip(x1, to: width), y1: clip(y1, to: height), x2: clip(x2, to: width), y2: clip(y2, to: height))
    }
}
