/// Width and height of a box or an anchor, without a place. Both sides of a comparison must be in one unit.
package struct BoxSize: Hashable, Sendable {
    package var width, height: Float

    package init(width: Float, height: Float) {
        self.width = width
        self.height = height
    }

    /// IoU of two boxes of these sizes that share a corner (`wh_iou` of the reference).
    package func iou(with other: BoxSize) -> Float {
        let intersection = min(width, other.width) * min(height, other.height)
        return intersection / (width * height + other.width * other.height - intersection + 1e-7)
    }
}
