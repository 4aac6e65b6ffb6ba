import Foundation
public import PyTorchFile
public import Torch

/// The detection head: one convolution a level, and the rule that turns its numbers into boxes.
///
/// - Source: YOLOv5 v6.2, `models/yolo.py`, `Detect`; buffer `anchors` `[levels, anchors, 2]` in cells of the level,
///   parameters `m.<level>.weight`, `m.<level>.bias`.
public struct DetectHead: PythonModule {
    public let classCount: Int
    /// Anchors a level.
    public let anchorCount: Int
    /// Pixels a cell, for each level.
    public let strides: [Int]
    /// Width and height in cells of the level, float32 `[levels, anchors, 2]`.
    public let anchors: Tensor
    public let convolutions: [Conv2d]

    /// - Parameters:
    ///   - channels: of the input of each level.
    ///   - strides: pixels a cell of each level.
    ///   - anchors: width, height, width, … in pixels, for each level.
    init(classCount: Int, channels: [Int], strides: [Int], anchors pixels: [[Double]]) throws(TorchError) {
        self.classCount = classCount
        self.strides = strides
        anchorCount = pixels[0].count / 2
        anchors = try Tensor(Self.cells(pixels, strides), shape: [strides.count, anchorCount, 2])
        var convolutions: [Conv2d] = []
        for channels in channels {
            convolutions.append(
                try Conv2d(inChannels: channels, outChannels: anchorCount * (5 + classCount), kernelSize: 1))
        }
        self.convolutions = convolutions
        try biasTowardsBackground()
    }

    private init(_ head: DetectHead, convolutions: [Conv2d]) {
        classCount = head.classCount
        anchorCount = head.anchorCount
        strides = head.strides
        anchors = head.anchors
        self.convolutions = convolutions
    }

    public var levelCount: Int { strides.count }
    /// What the convolutions hold and compute in.
    var computeType: ScalarType { convolutions[0].weight.scalarType }

    /// Anchors as numbers, [level][anchor], in cells of the level. Waits for the device.
    public func anchorSizes() throws(TorchError) -> [[(width: Float, height: Float)]] {
        let values: [Float] = try anchors.array()
        return (0..<levelCount).map { level in
            (0..<anchorCount).map { anchor in
                let start = 2 * (level * anchorCount + anchor)
                return (values[start], values[start + 1])
            }
        }
    }

    /// The raw output of each level.
    func levels(_ features: [Tensor], _ phase: Phase) throws(TorchError) -> [HeadLevel] {
        var levels: [HeadLevel] = []
        for (convolution, input) in zip(convolutions, features) {
            levels.append(HeadLevel(output: try convolution(input, phase), anchorCount: anchorCount))
        }
        return levels
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.buffer("anchors", anchors)
        visitor.visit("m", ModuleList(convolutions))
    }

    public var pythonClass: PythonName { PythonName("models.yolo", "Detect") }

    /// The grids are made anew for the first image; what counts is that they are lists.
    public var pythonAttributes: [PythonAttribute] {
        let grids = PickleValue.list(Array(repeating: .tensor(TensorValue([0])), count: levelCount))
        return [
            ("nc", .int(classCount)), ("no", .int(5 + classCount)), ("nl", .int(levelCount)), ("na", .int(anchorCount)),
            ("grid", grids), ("anchor_grid", grids), ("inplace", true), ("stride", .tensor(TensorValue(strides.map(Float.init)))),
        ]
    }

    func measure(_ inputs: [FeatureShape], _ cost: inout ModelCost) throws(ShapeError) {
        for (convolution, input) in zip(convolutions, inputs) { _ = try convolution.measure(input, &cost) }
    }

    /// The same head with weights of its own.
    func copied() throws(TorchError) -> DetectHead {
        var copies: [Conv2d] = []
        for convolution in convolutions { copies.append(try convolution.copied()) }
        return DetectHead(self, convolutions: copies)
    }

    /// Takes other anchors, in the tensor that it has.
    /// - Parameter pixels: width, height, width, … in pixels, for each level; as many as there are.
    func setAnchors(_ pixels: [[Double]]) throws(TorchError) {
        try anchors.copy(from: Tensor(Self.cells(pixels, strides), shape: anchors.shape))
    }

    /// Widths and heights in cells of their levels, level after level.
    private static func cells(_ pixels: [[Double]], _ strides: [Int]) -> [Float] {
        zip(ordered(pixels, like: strides), strides).flatMap { level, stride in
            level.map { Float($0) / Float(stride) }
        }
    }

    /// Anchors and strides must grow in the same direction; a list that was written the other way round is turned.
    /// - Source: `check_anchor_order`
    private static func ordered(_ anchors: [[Double]], like strides: [Int]) -> [[Double]] {
        let areas = anchors.map { level in
            stride(from: 0, to: level.count, by: 2).reduce(0) { $0 + level[$1] * level[$1 + 1] }
        }
        let growth = areas[areas.count - 1] - areas[0]
        let strideGrowth = strides[strides.count - 1] - strides[0]
        return growth != 0 && (growth > 0) != (strideGrowth > 0) ? anchors.reversed() : anchors
    }

    /// Starts the biases where an untrained network expects 8 objects in an image of 640 pixels, and each class in
    /// 0.6 of `classCount` objects, so that background does not swamp the first steps.
    /// - Source: Lin et al., "Focal Loss for Dense Object Detection", section 3.3.
    private func biasTowardsBackground() throws(TorchError) {
        try withoutGradients { () throws(TorchError) in
            for (convolution, stride) in zip(convolutions, strides) {
                guard let bias = convolution.bias else { continue }
                let cells = 640.0 / Double(stride)
                let anchors = try bias.reshaped([anchorCount, 5 + classCount])
                let objectness = try anchors.narrowed(axis: 1, start: 4, length: 1)
                try objectness.add(Tensor.full([1], log(8 / (cells * cells))))
                let classes = try anchors.narrowed(axis: 1, start: 5, length: classCount)
                try classes.add(Tensor.full([1], log(0.6 / (Double(classCount) - 0.999999))))
            }
        }
    }
}
