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
        Conv2d(
            weight: try weight.copiedLeaf(), bias: try bias?.copiedLeaf(), stride: stride, padding: padding,
            dilation: dilation, groups: groups)
    }

    /// See ``ModelLayer/measure(_:_:)``; the reference counts no work for the bias.
    func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        try input.expectChannels(inChannels)
        let shape = try input.slidOver(
            by: kernelSize, stride: stride, padding: padding, dilation: dilation, channels: outChannels)
        cost.add(multiplyAccumulates: shape.count, times: weight.count / outChannels)
        return shape
    }
}

extension BatchNorm2d {
    /// With YOLOv5's own epsilon and momentum.
    init(yolo channels: Int) throws(TorchError) {
        try self.init(channels: channels, epsilon: 1e-3, momentum: 0.03)
    }

    /// The same normalization with tensors of its own.
    func copied() throws(TorchError) -> BatchNorm2d {
        BatchNorm2d(
            weight: try weight.copiedLeaf(), bias: try bias.copiedLeaf(), runningMean: try runningMean.cloned(),
            runningVariance: try runningVariance.cloned(), batchesTracked: try batchesTracked.cloned(), epsilon: epsilon,
            momentum: momentum)
    }

    /// See ``ModelLayer/measure(_:_:)``.
    func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        try input.expectChannels(weight.count)
        cost.add(multiplyAccumulates: 4 * input.count)
        return input
    }
}
