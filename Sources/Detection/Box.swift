/// An axis-aligned rectangle in pixels, by its corners (xyxy): `x1 <= x2`, `y1 <= y2`.
///
/// Coordinates are continuous: a box over the whole of a 640 by 480 image is `(0, 0, 640, 480)`.
public struct Box: Hashable, Sendable {
    public var x1, y1, x2, y2: Float

    public init(x1: Float, y1: Float, x2: Float, y2: Float) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }

    /// The same rectangle given by centre and size in pixels (xywh).
    public init(centerX: Float, centerY: Float, width: Float, height: Float) {
        self.init(
            x1: centerX - width / 2, y1: centerY - height / 2, x2: centerX + width / 2, y2: centerY + height / 2)
    }

    public var width: Float { x2 - x1 }
    public var height: Float { y2 - y1 }
    public var centerX: Float { (x1 + x2) / 2 }
    public var centerY: Float { (y1 + y2) / 2 }

    /// In square pixels.
    public var area: Float { width * height }

    /// Whether no coordinate is infinite or not a number.
    public var isFinite: Bool { x1.isFinite && y1.isFinite && x2.isFinite && y2.isFinite }

    /// The part of the box inside an image of `width` by `height` pixels; a box beside the image collapses onto its edge.
    public func clipped(toWidth width: Float, height: Float) -> Box {
        Box(
            x1: x1.clamped(to: 0...width), y1: y1.clamped(to: 0...height),
            x2: x2.clamped(to: 0...width), y2: y2.clamped(to: 0...height))
    }

    /// Centre and size as fractions of an image of `width` by `height` pixels.
    ///
    /// Nothing is clipped. For labels that stay inside the image, as training targets must, clip first:
    /// `box.clipped(toWidth: width - 1e-3, height: height - 1e-3).normalized(width: width, height: height)`.
    public func normalized(width: Float, height: Float) -> NormalizedBox {
        NormalizedBox(
            centerX: centerX / width, centerY: centerY / height,
            width: self.width / width, height: self.height / height)
    }
}

extension Float {
    fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
