public import Torch

/// A network that looks at every image three times: as it is, mirrored at 0.83 of its size, and at 0.67 of its size.
///
/// The boxes of all three are predictions of one image; non-maximum suppression picks among them. It takes about two and a half
/// times as long and finds a little more.
///
/// At its own size the image's largest objects are left to the smaller views, and at the smallest size the smallest objects to
/// the larger ones: the rows of the coarsest and of the finest level are dropped there. A head of a single level keeps its rows.
/// - Source: YOLOv5 v6.2, `models/yolo.py`, `_forward_augment`, `_descale_pred`, `_clip_augmented`; `scale_img`.
public struct TestTimeAugmentation: Predictor {
    public let model: DetectionModel

    public init(of model: DetectionModel) { self.model = model }

    public var classCount: Int { model.classCount }
    public var classNames: [String] { model.classNames }
    public var largestStride: Int { model.largestStride }

    public func predictions(for images: Tensor) throws(TorchError) -> Tensor {
        try withoutGradients { () throws(TorchError) in
            var found: [Tensor] = []
            for view in AugmentedView.all {
                let (predictions, levels) = try model.foundBoxes(in: view.seen(images, stride: largestStride))
                try view.undo(in: predictions, imageWidth: images.shape[3])
                found += try kept(of: predictions, levels, in: view)
            }
            return try concatenated(found, axis: 1)
        }
    }

    public func fused(as type: ScalarType) throws(TorchError) -> TestTimeAugmentation {
        TestTimeAugmentation(of: try model.fused(as: type))
    }

    /// The rows of all levels but the one that the view leaves out.
    private func kept(of predictions: Tensor, _ levels: [HeadLevel], in view: AugmentedView) throws(TorchError) -> [Tensor] {
        let omitted = view.omitted.flatMap { levels.count > 1 ? level($0) : nil }
        var kept: [Tensor] = []
        var start = 0
        for (index, level) in levels.enumerated() {
            if index != omitted { kept.append(try predictions.narrowed(axis: 1, start: start, length: level.boxCount)) }
            start += level.boxCount
        }
        return kept
    }

    /// Found by its stride: a YAML may list levels in any order.
    private func level(_ extreme: AugmentedView.Level) -> Int? {
        switch extreme {
        case .finest: model.strides.indices.min { model.strides[$0] < model.strides[$1] }
        case .coarsest: model.strides.indices.max { model.strides[$0] < model.strides[$1] }
        }
    }
}

/// One way of looking at an image, and the way back.
struct AugmentedView {
    enum Level {
        case finest, coarsest
    }

    let scale: Double
    let isMirrored: Bool
    /// The level whose boxes do not count.
    let omitted: Level?

    static let all = [
        AugmentedView(scale: 1, isMirrored: false, omitted: .coarsest), AugmentedView(scale: 0.83, isMirrored: true, omitted: nil),
        AugmentedView(scale: 0.67, isMirrored: false, omitted: .finest),
    ]

    /// ImageNet's mean colour, which fills what scaling leaves free on the right and below.
    private static let padding = 0.447

    /// - Parameter images: `[N, channels, H, W]` in 0...1.
    /// - Returns: the view, padded to multiples of `stride`; the images themselves where nothing is done to them.
    func seen(_ images: Tensor, stride: Int) throws(TorchError) -> Tensor {
        var view = images
        if isMirrored { view = try view.flipped(axes: [3]) }
        guard scale != 1 else { return view }
        let height = Double(images.shape[2]) * scale, width = Double(images.shape[3]) * scale
        view = try view.interpolatedBilinear(height: max(Int(height), 1), width: max(Int(width), 1))
        func missing(_ side: Double) -> Int { Int((side / Double(stride)).rounded(.up)) * stride - max(Int(side), 1) }
        return try view.padded([0, missing(width), 0, missing(height)], value: Self.padding)
    }

    /// Takes boxes back into the image, in place.
    /// - Parameters:
    ///   - predictions: `[N, rows, 5 + classes]`, xywh in pixels of the view.
    ///   - imageWidth: in pixels of the image.
    func undo(in predictions: Tensor, imageWidth: Int) throws(TorchError) {
        if scale != 1 { try predictions.narrowed(axis: 2, start: 0, length: 4).multiply(by: 1 / scale) }
        guard isMirrored else { return }
        let x = try predictions.narrowed(axis: 2, start: 0, length: 1)
        try x.copy(from: Double(imageWidth) - x)
    }
}
