public import Torch

/// What finds boxes in images: a network, a network that looks more than once, or several networks together.
///
/// ```swift
/// let model = try DetectionModel(Checkpoint(path: "yolov5s.pt"))
/// let careful: any Predictor = TestTimeAugmentation(of: model)
/// let boxes = try careful.fused(as: .float32).predictions(for: images)
/// ```
public protocol Predictor {
    var classCount: Int { get }
    /// One for each class.
    var classNames: [String] { get }
    /// What height and width of an image must be divisible by.
    var largestStride: Int { get }

    /// The boxes of a batch, for non-maximum suppression.
    /// - Parameter images: `[N, channels, H, W]` in 0...1, best channels-last, on the device of the weights; height and width
    ///   multiples of ``largestStride``.
    /// - Returns: `[N, rows, 5 + classes]` with x, y, width, height in pixels of the images (xywh), objectness and class scores
    ///   in 0...1; float32 on the device. Carries no gradient.
    func predictions(for images: Tensor) throws(TorchError) -> Tensor

    /// The same for inference only, with batch normalizations folded away and convolutions in `type`.
    func fused(as type: ScalarType) throws(TorchError) -> Self
}

extension DetectionModel: Predictor {
    public func predictions(for images: Tensor) throws(TorchError) -> Tensor { try foundBoxes(in: images).predictions }

    /// What the network finds, without a gradient, and the raw levels behind it.
    package func foundBoxes(in images: Tensor) throws(TorchError) -> (predictions: Tensor, levels: [HeadLevel]) {
        let output = try withoutGradients { () throws(TorchError) in try self(images, .inference) }
        guard let predictions = output.predictions else { preconditionFailure("inference always predicts") }
        return (predictions, output.levels)
    }
}
