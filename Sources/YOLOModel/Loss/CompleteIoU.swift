import Foundation
package import Torch

/// Complete IoU of pairs of boxes: overlap, less the distance of the centres, less the difference of the aspect ratios.
///
/// 1 - CIoU is the box loss. Differentiable by the first boxes.
/// - Parameters:
///   - centers, sizes: `[n, 2]` each, x y and width height, in any one unit.
///   - targetCenters, targetSizes: the same of the boxes that they are to match.
/// - Returns: `[n]`, at most 1.
/// - Source: Zheng et al., "Distance-IoU Loss", 2019 (https://arxiv.org/abs/1911.08287), equations 7 to 10; `bbox_iou`.
package func completeIoU(
    centers: Tensor, sizes: Tensor, targetCenters: Tensor, targetSizes: Tensor
) throws(TorchError) -> Tensor {
    let epsilon = 1e-7
    let half = try sizes * 0.5
    let targetHalf = try targetSizes * 0.5
    let low = try centers - half
    let high = try centers + half
    let targetLow = try targetCenters - targetHalf
    let targetHigh = try targetCenters + targetHalf

    let shared = try (high.minimum(targetHigh) - low.maximum(targetLow)).clamped(min: 0)
    let intersection = try product(shared)
    let union = try product(sizes) + product(targetSizes) - intersection + epsilon
    let iou = try intersection / union

    let enclosing = try high.maximum(targetHigh) - low.minimum(targetLow)
    let diagonal = try squaredLength(enclosing) + epsilon
    let distance = try squaredLength(targetLow + targetHigh - low - high) * 0.25

    let angle = try aspectAngle(targetSizes, epsilon) - aspectAngle(sizes, epsilon)
    let ratioTerm = try angle * angle * (4 / (Double.pi * Double.pi))
    // Equation 9: the weight of the ratio term is a constant of the optimisation, not a function to differentiate.
    let weight = try withoutGradients { () throws(TorchError) in
        try ratioTerm / (ratioTerm - iou + (1 + epsilon))
    }
    return try iou - (distance / diagonal + ratioTerm * weight)
}

/// width * height of `[n, 2]`.
private func product(_ pairs: Tensor) throws(TorchError) -> Tensor {
    try pairs.selected(axis: 1, index: 0) * pairs.selected(axis: 1, index: 1)
}

private func squaredLength(_ pairs: Tensor) throws(TorchError) -> Tensor {
    try (pairs * pairs).sum(axes: [1])
}

private func aspectAngle(_ sizes: Tensor, _ epsilon: Double) throws(TorchError) -> Tensor {
    let height = try sizes.selected(axis: 1, index: 1) + epsilon
    return try (sizes.selected(axis: 1, index: 0) / height).atan()
}
