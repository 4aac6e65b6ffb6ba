public import PyTorchFile
public import Torch

/// Convolutions of several kernel sizes side by side, each in as many groups as fit, then one normalization.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H', W']`.
/// - Source: YOLOv5 v6.2, `models/experimental.py`, `MixConv2d` (MixNet, https://arxiv.org/abs/1907.09595); parameters
///   `m.<i>.weight`, `bn.*`.
public struct MixConv2d: SingleInputLayer {
    public let convolutions: [Conv2d]
    public let norm: BatchNorm2d
    /// Always this one, whatever the model's `activation` is.
    private let activation = Activation.silu

    private init(convolutions: [Conv2d], norm: BatchNorm2d) {
        self.convolutions = convolutions
        self.norm = norm
    }

    /// - Parameter shares: kernel size and output channels of each convolution; see ``shares(of:kernelSizes:evenly:)``.
    public init(_ inChannels: Int, shares: [(kernelSize: Int, channels: Int)], stride: Int = 1) throws(TorchError) {
        var convolutions: [Conv2d] = []
        for (kernelSize, channels) in shares {
            convolutions.append(
                try Conv2d(
                    inChannels: inChannels, outChannels: channels, kernelSize: Extent(kernelSize), stride: Extent(stride),
                    padding: Extent(kernelSize / 2), groups: greatestCommonDivisor(inChannels, channels), hasBias: false))
        }
        self.convolutions = convolutions
        norm = try BatchNorm2d(yolo: shares.reduce(0) { $0 + $1.channels })
    }

    /// How many channels each kernel size gets.
    /// - Parameter evenly: the same number each; otherwise such that all have about as many weights, where a size with
    ///   kernel k gets a share of 1 / k².
    /// - Returns: numbers that need not add up to `channels`, and may be 0, where it is small.
    static func shares(of channels: Int, kernelSizes: [Int], evenly: Bool) -> [(kernelSize: Int, channels: Int)] {
        let counts: [Int]
        if evenly {
            // The reference cuts 0...n into equal steps from end to end, and the last falls just short of n.
            let step = (Float(kernelSizes.count) - 1e-6) / Float(max(channels - 1, 1))
            let owners = (0..<channels).map { min(Int(Float($0) * step), kernelSizes.count - 1) }
            counts = kernelSizes.indices.map { index in owners.count { $0 == index } }
        } else {
            let weights = kernelSizes.map { 1 / Double($0 * $0) }
            let total = weights.reduce(0, +)
            counts = weights.map { Int((Double(channels) * $0 / total).rounded(.toNearestOrEven)) }
        }
        return Array(zip(kernelSizes, counts))
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        var maps: [Tensor] = []
        for convolution in convolutions { maps.append(try convolution(x, phase)) }
        return try norm.followedBySiLU(concatenated(maps, axis: 1), phase)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("m", ModuleList(convolutions))
        visitor.visit("bn", norm)
        visitor.visit("act", activation)
    }

    public var pythonClass: PythonName { PythonName("models.experimental", "MixConv2d") }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        var shapes: [FeatureShape] = []
        for convolution in convolutions { shapes.append(try convolution.measure(input, &cost)) }
        return try norm.measure(Concat.joined(shapes), &cost)
    }

    /// The normalization stays, as in the reference.
    public func fused() throws(TorchError) -> Self {
        var copies: [Conv2d] = []
        for convolution in convolutions { copies.append(try convolution.copied()) }
        return Self(convolutions: copies, norm: try norm.copied())
    }
}

extension MixConv2d {
    static let kind = LayerKind(
        "MixConv2d", parameters: ["channels", "kernel sizes", "stride", "evenly"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSizes = try row.oddKernelSizes(default: [1, 3])
        let stride = try row.integer("stride", in: 1...255, default: 1)
        let shares = shares(
            of: outChannels, kernelSizes: kernelSizes, evenly: try row.boolean("evenly", default: true))
        guard shares.allSatisfy({ $0.channels > 0 }), shares.reduce(0, { $0 + $1.channels }) == outChannels else {
            let sizes = kernelSizes.map(String.init).joined(separator: ", ")
            throw row.fault("\(outChannels) channels cannot be shared among kernels of \(sizes)")
        }
        return try row.making { () throws(TorchError) in try MixConv2d(inChannels, shares: shares, stride: stride) }
    }
}
