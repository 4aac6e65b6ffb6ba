import Torch

extension Conv2d {
    /// The convolution that does what this one and then the normalization do, in inference.
    ///
    /// Weight `w * g / sqrt(v + eps)` and bias `b + (c - m) * g / sqrt(v + eps)`, for a normalization with weight g, bias b,
    /// running mean m and variance v, after a convolution with bias c (0 where it has none).
    func folded(with norm: BatchNorm2d) throws(TorchError) -> Conv2d {
        try withoutGradients { () throws(TorchError) in
            let scale = try norm.weight / (norm.runningVariance + norm.epsilon).sqrt()
            let mean = if let bias { try norm.runningMean - bias } else { norm.runningMean }
            return Conv2d(
                weight: try weight * scale.reshaped([-1, 1, 1, 1]), bias: try norm.bias - mean * scale,
                stride: stride, padding: padding, dilation: dilation, groups: groups)
        }
    }

    /// The same convolution with weights of its own, which learn where these do.
    func copied() throws(TorchError) -> Conv2d {
        let copy = Conv2d(
            weight: try weight.detached().cloned(), bias: try bias?.detached().cloned(), stride: stride,
            padding: padding, dilation: dilation, groups: groups)
        for (copied, original) in zip(copy.parameters(), parameters()) {
            try copied.requireGradient(original.requiresGradient)
        }
        return copy
    }

    /// See ``ModelLayer/measure(_:_:)``; the reference counts no work for the bias.
    func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        guard input.channels == inChannels else {
            throw ShapeError("takes \(inChannels) channels, found \(input.channels)")
        }
        let reach = dilation * (kernelSize - 1) + 1
        let height = (input.height + 2 * padding - reach) / stride + 1
        let width = (input.width + 2 * padding - reach) / stride + 1
        guard input.height + 2 * padding >= reach, input.width + 2 * padding >= reach else {
            throw ShapeError("a kernel of \(reach) is larger than its input, \(input.height) x \(input.width)")
        }
        let shape = FeatureShape(channels: outChannels, height: height, width: width)
        cost.addModule(multiplyAccumulates: shape.count * weight.shape[1] * kernelSize * kernelSize)
        return shape
    }
}
