import Foundation

/// Overlap of two boxes, and the penalised forms of it that detectors are trained with.
///
/// These are plain numbers; the loss has a differentiable CIoU of its own. Boxes without area have an overlap of 0, not NaN.
extension Box {
    /// Keeps a ratio of areas defined where both are 0; the reference's value.
    private static let epsilon: Float = 1e-7

    /// The shared area, in square pixels; 0 where the boxes only touch.
    public func intersectionArea(with other: Box) -> Float {
        let width = min(x2, other.x2) - max(x1, other.x1)
        let height = min(y2, other.y2) - max(y1, other.y1)
        return max(width, 0) * max(height, 0)
    }

    /// Intersection over union: the shared area over the joint area, 0...1.
    public func iou(with other: Box) -> Float {
        let intersection = intersectionArea(with: other)
        return intersection / (area + other.area - intersection + Box.epsilon)
    }

    /// The share of this box's area that `other` covers, 0...1 (`bbox_ioa(other, self)` of the reference).
    public func coveredFraction(by other: Box) -> Float {
        intersectionArea(with: other) / (area + Box.epsilon)
    }

    /// GIoU, -1...1: IoU less the share of the enclosing box that neither box fills.
    ///
    /// Source: Rezatofighi et al., Generalized Intersection over Union, 2019 (arXiv 1902.09630).
    public func generalizedIoU(with other: Box) -> Float {
        let intersection = intersectionArea(with: other)
        let union = area + other.area - intersection + Box.epsilon
        let enclosing = enclosingBox(with: other).area + Box.epsilon
        return intersection / union - (enclosing - union) / enclosing
    }

    /// DIoU, -1...1: IoU less the squared distance of the centres over the squared diagonal of the enclosing box.
    ///
    /// Source: Zheng et al., Distance-IoU Loss, 2019 (arXiv 1911.08287), equation 7.
    public func distanceIoU(with other: Box) -> Float {
        let enclosing = enclosingBox(with: other)
        let diagonal = enclosing.width * enclosing.width + enclosing.height * enclosing.height + Box.epsilon
        let deltaX = other.centerX - centerX
        let deltaY = other.centerY - centerY
        return iou(with: other) - (deltaX * deltaX + deltaY * deltaY) / diagonal
    }

    /// CIoU: DIoU less a penalty for different aspect ratios.
    ///
    /// Source: Zheng et al., Distance-IoU Loss, 2019 (arXiv 1911.08287), equations 8 to 11.
    public func completeIoU(with other: Box) -> Float {
        let angle = atan(other.width / (other.height + Box.epsilon)) - atan(width / (height + Box.epsilon))
        let aspectPenalty = 4 / (Float.pi * Float.pi) * angle * angle
        let weight = aspectPenalty / (aspectPenalty - iou(with: other) + 1 + Box.epsilon)
        return distanceIoU(with: other) - weight * aspectPenalty
    }

    /// The smallest box that holds both.
    private func enclosingBox(with other: Box) -> Box {
        Box(x1: min(x1, other.x1), y1: min(y1, other.y1), x2: max(x2, other.x2), y2: max(y2, other.y2))
    }
}
