public import PyTorchFile
public import Torch

/// A bare transposed convolution as a row: `nn.ConvTranspose2d`, or `DWConvTranspose2d` with as many groups as fit.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H', W']` with `H' = (H - 1) * stride - 2 * padding + dilation * (kernel - 1) +
///   outputPadding + 1`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `DWConvTranspose2d`; parameters `weight`, `bias`.
public struct TransposedConvolution: SingleInputLayer {
    public let convolution: ConvTranspose2d
    public let pythonClass: PythonName

    /// `nn.ConvTranspose2d`
    public init(_ convolution: ConvTranspose2d) {
        self.convolution = convolution
        pythonClass = convolution.pythonClass
    }

    /// `DWConvTranspose2d`
    public init(
        depthwise inChannels: Int, _ outChannels: Int, kernelSize: Extent = 1, stride: Extent = 1, padding: Extent = 0,
        outputPadding: Extent = 0
    ) throws(TorchError) {
        convolution = try ConvTranspose2d(
            inChannels: inChannels, outChannels: outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
            outputPadding: outputPadding, groups: greatestCommonDivisor(inChannels, outChannels))
        pythonClass = PythonName("models.common", "DWConvTranspose2d")
    }

    private init(_ convolution: ConvTranspose2d, pythonClass: PythonName) {
        self.convolution = convolution
        self.pythonClass = pythonClass
    }

    public var pythonAttributes: [PythonAttribute] { convolution.pythonAttributes }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor { try convolution(x, phase) }

    public func visitState(_ visitor: inout StateVisitor) { convolution.visitState(&visitor) }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        try input.expectChannels(convolution.inChannels)
        let layer = convolution
        func length(_ size: Int, _ side: KeyPath<Extent, Int>) -> Int {
            (size - 1) * layer.stride[keyPath: side] - 2 * layer.padding[keyPath: side]
                + layer.dilation[keyPath: side] * (layer.kernelSize[keyPath: side] - 1) + layer.outputPadding[keyPath: side] + 1
        }
        let shape = FeatureShape(
            channels: layer.outChannels, height: length(input.height, \.height), width: length(input.width, \.width))
        guard shape.height > 0, shape.width > 0 else {
            throw ShapeError("padding leaves nothing of an output of \(shape.height) x \(shape.width)")
        }
        let window = layer.kernelSize.height * layer.kernelSize.width
        cost.add(multiplyAccumulates: shape.count, times: layer.inChannels / layer.groups * window)
        return shape
    }

    public func fused() throws(TorchError) -> Self {
        let copy = ConvTranspose2d(
            convolution, weight: try convolution.weight.copiedLeaf(), bias: try convolution.bias?.copiedLeaf())
        return Self(copy, pythonClass: pythonClass)
    }
}

extension TransposedConvolution {
    static let kind = LayerKind(
        "nn.ConvTranspose2d",
        parameters: ["channels", "kernel size", "stride", "padding", "output padding", "groups", "bias", "dilation"], required: 2
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.extent("kernel size", in: 1...255)
        let stride = try row.extent("stride", in: 1...255, default: 1)
        let padding = try row.extent("padding", in: 0...255, default: 0)
        let dilation = try row.extent("dilation", in: 1...255, default: 1)
        let outputPadding = try row.outputPadding(stride, dilation)
        let groups = try row.groups(inChannels, outChannels)
        let hasBias = try row.boolean("bias", default: true)
        return try row.making { () throws(TorchError) in
            TransposedConvolution(
                try ConvTranspose2d(
                    inChannels: inChannels, outChannels: outChannels, kernelSize: kernelSize, stride: stride,
                    padding: padding, outputPadding: outputPadding, groups: groups, hasBias: hasBias, dilation: dilation))
        }
    }

    static let depthwiseKind = LayerKind(
        "DWConvTranspose2d", parameters: ["channels", "kernel size", "stride", "padding", "output padding"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.extent("kernel size", in: 1...255, default: 1)
        let stride = try row.extent("stride", in: 1...255, default: 1)
        let padding = try row.extent("padding", in: 0...255, default: 0)
        let outputPadding = try row.outputPadding(stride, 1)
        return try row.making { () throws(TorchError) in
            try TransposedConvolution(
                depthwise: inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
                outputPadding: outputPadding)
        }
    }
}

extension LayerRow {
    /// The argument `output padding`, which PyTorch wants smaller than the stride or the dilation.
    fileprivate func outputPadding(_ stride: Extent, _ dilation: Extent) throws(ModelError) -> Extent {
        let padding = try extent("output padding", in: 0...255, default: 0)
        guard padding.height < max(stride.height, dilation.height), padding.width < max(stride.width, dilation.width) else {
            throw fault("output padding must be smaller than the stride or the dilation, found \(padding.height)")
        }
        return padding
    }
}
