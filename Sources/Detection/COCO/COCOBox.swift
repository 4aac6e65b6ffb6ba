/// A box as COCO's files have it: left, top, width and height in pixels.
///
/// Double, because the reference computes in it; `Box` would round.
public struct COCOBox: Hashable, Sendable {
    public var left, top, width, height: Double

    public init(left: Double, top: Double, width: Double, height: Double) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// In square pixels.
    public var area: Double { width * height }

    /// The shared area over the joint area. With a crowd, which has room for many, over the area of this box alone.
    ///
    /// Source: pycocotools 2.0, `bbIou`, operation by operation.
    func iou(with other: COCOBox, otherIsCrowd: Bool) -> Double {
        let sharedWidth = min(width + left, other.width + other.left) - max(left, other.left)
        if sharedWidth <= 0 { return 0 }
        let sharedHeight = min(height + top, other.height + other.top) - max(top, other.top)
        if sharedHeight <= 0 { return 0 }
        let shared = sharedWidth * sharedHeight
        return shared / (otherIsCrowd ? area : area + other.area - shared)
    }
}
