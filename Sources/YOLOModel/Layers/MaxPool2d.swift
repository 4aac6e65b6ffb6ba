public import PyTorchFile
public import Torch

/// The largest number of each square window.
///
/// - Input: `[N, C, H, W]`; output: `[N, C, H', W']`.
/// - Source: `nn.MaxPool2d`.
public struct MaxPool2d: SingleInputLayer {
    public let kernelSize: Int
    public let stride: Int
    public let padding: Int

    /// - Parameters:
    ///   - stride: nil is the kernel's size.
    ///   - padding: on each side, at most half of the kernel's size.
    public init(kernelSize: Int, stride: Int? = nil, padding: Int = 0) {
        self.kernelSize = kernelSize
        self.stride = stride ?? kernelSize
        self.padding = padding
    }

    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor {
        try x.maxPooled(kernelSize: kernelSize, stride: stride, padding: padding)
    }

    public func visitState(_ visitor: inout StateVisitor) {}

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        try input.slidOver(
            by: Extent(kernelSize), stride: Extent(stride), padding: Extent(padding), channels: input.channels)
    }

    public func fused() throws(TorchError) -> Self { self }

    public var pythonClass: PythonName { PythonName("torch.nn.modules.pooling", "MaxPool2d") }

    public var pythonAttributes: [PythonAttribute] {
        [
            ("kernel_size", .int(kernelSize)), ("stride", .int(stride)), ("padding", .int(padding)), ("dilation", 1),
            ("return_indices", false), ("ceil_mode", false),
        ]
    }
}

extension MaxPool2d {
    static let kind = LayerKind(
        "nn.MaxPool2d", parameters: ["kernel size", "stride", "padding"], required: 1
    ) { row throws(ModelError) in
        let kernelSize = try row.integer("kernel size", in: 1...255)
        let stride = try row.integer("stride", in: 1...255, default: kernelSize)
        let padding = try row.integer("padding", in: 0...kernelSize / 2, default: 0)
        return MaxPool2d(kernelSize: kernelSize, stride: stride, padding: padding)
    }
}
