public import Torch

/// What the head computes for a batch of images.
public struct HeadOutput {
    /// From the finest to the coarsest, as the YAML lists them.
    public let levels: [HeadLevel]
    /// In inference: `[N, rows, 5 + classes]` with x, y, width, height in pixels of the image (xywh), objectness and class
    /// scores in 0...1, float32; rows run over levels, anchors, y, x. Carries no gradient.
    public let predictions: Tensor?
}

/// The raw output of one level: a convolution's `[N, anchors * (5 + classes), ny, nx]`, looked at from several sides.
///
/// With channels-last memory all of these are views; nothing is moved.
public struct HeadLevel {
    /// `[N, anchors * (5 + classes), ny, nx]`
    public let output: Tensor
    public let anchorCount: Int

    public init(output: Tensor, anchorCount: Int) {
        self.output = output
        self.anchorCount = anchorCount
    }

    public var imageCount: Int { output.shape[0] }
    public var gridHeight: Int { output.shape[2] }
    public var gridWidth: Int { output.shape[3] }
    /// Boxes in one image.
    public var boxCount: Int { anchorCount * gridHeight * gridWidth }
    /// Numbers a box: 4 for the place, 1 for the objectness, 1 for each class.
    public var valueCount: Int { output.shape[1] / anchorCount }

    /// `[N * ny * nx * anchors, 5 + classes]`: one row a box, in the order of the memory.
    public func rows() throws(TorchError) -> Tensor {
        let pixels = try output.permuted([0, 2, 3, 1])
        return try pixels.reshaped([-1, valueCount])
    }

    /// `[N, anchors, ny, nx, 5 + classes]`: the reference's shape.
    public func grid() throws(TorchError) -> Tensor {
        let pixels = try output.permuted([0, 2, 3, 1])
        let boxes = try pixels.reshaped([imageCount, gridHeight, gridWidth, anchorCount, valueCount])
        return try boxes.permuted([0, 3, 1, 2, 4])
    }
}
