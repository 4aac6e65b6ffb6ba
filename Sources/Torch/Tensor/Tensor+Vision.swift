import CTorch

/// A height and a width: of a kernel, a stride, a padding. A single number stands for both.
public struct Extent: Hashable, Sendable, ExpressibleByIntegerLiteral {
    public var height: Int
    public var width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    public init(_ side: Int) { self.init(height: side, width: side) }
    public init(integerLiteral side: Int) { self.init(side) }

    /// Each side by itself.
    public func map(_ transform: (Int) -> Int) -> Extent {
        Extent(height: transform(height), width: transform(width))
    }

    var raw: CTExtent { CTExtent(height: Int64(height), width: Int64(width)) }
}

// Functions on images `[N, C, H, W]`.
extension Tensor {
    /// - Parameters:
    ///   - weight: `[C2, C1 / groups, height, width]`
    ///   - bias: `[C2]`
    public func conv2d(
        weight: Tensor, bias: Tensor? = nil, stride: Extent = 1, padding: Extent = 0, dilation: Extent = 1, groups: Int = 1
    ) throws(TorchError) -> Tensor {
        try unary("conv2d") { out, x in
            weight.lend { weight in
                bias.lend { ct_conv2d(out, x, weight, $0, stride.raw, padding.raw, dilation.raw, Int64(groups)) }
            }
        }
    }

    /// `conv2d` followed by SiLU in one kernel of the CPU; has no gradient.
    public func conv2dSiLU(
        weight: Tensor, bias: Tensor?, stride: Extent = 1, padding: Extent = 0, dilation: Extent = 1, groups: Int = 1
    ) throws(TorchError) -> Tensor {
        try unary("conv2dSiLU") { out, x in
            weight.lend { weight in
                bias.lend { ct_conv2d_silu(out, x, weight, $0, stride.raw, padding.raw, dilation.raw, Int64(groups)) }
            }
        }
    }

    /// - Parameters:
    ///   - weight: `[C1, C2 / groups, height, width]`
    ///   - bias: `[C2]`
    public func convTranspose2d(
        weight: Tensor, bias: Tensor? = nil, stride: Extent = 1, padding: Extent = 0, outputPadding: Extent = 0,
        groups: Int = 1, dilation: Extent = 1
    ) throws(TorchError) -> Tensor {
        try unary("convTranspose2d") { out, x in
            weight.lend { weight in
                bias.lend {
                    ct_conv_transpose2d(
                        out, x, weight, $0, stride.raw, padding.raw, outputPadding.raw, Int64(groups), dilation.raw)
                }
            }
        }
    }

    /// The largest number of each square window.
    public func maxPooled(kernelSize: Int, stride: Int, padding: Int = 0) throws(TorchError) -> Tensor {
        try unary("maxPooled") { ct_max_pool2d($0, $1, Int64(kernelSize), Int64(stride), Int64(padding)) }
    }

    public func upsampledNearest(scale: Int) throws(TorchError) -> Tensor {
        try unary("upsampledNearest") { ct_upsample_nearest($0, $1, Int64(scale)) }
    }

    /// Bilinear resampling, corners not aligned.
    public func interpolatedBilinear(height: Int, width: Int) throws(TorchError) -> Tensor {
        try unary("interpolatedBilinear") { ct_interpolate_bilinear($0, $1, Int64(height), Int64(width)) }
    }

    /// Pads the last axes: `[left, right]`, or `[left, right, top, bottom]`, ….
    public func padded(_ amounts: [Int], value: Double = 0) throws(TorchError) -> Tensor {
        try unary("padded") { out, x in amounts.lend { ct_pad(out, x, $0, value) } }
    }
}

// MARK: - Attention

extension Tensor {
    /// This times the transposed weight, over the last axis: `[…, in]` to `[…, out]`.
    /// - Parameters:
    ///   - weight: `[out, in]`
    ///   - bias: `[out]`
    public func linear(weight: Tensor, bias: Tensor? = nil) throws(TorchError) -> Tensor {
        try binary("linear", weight) { out, x, weight in bias.lend { ct_linear(out, x, weight, $0) } }
    }

    /// What a query, which this is, gathers from the values: `softmax(q k^T / sqrt(width)) v`.
    ///
    /// All three are `[N, heads, length, width]`.
    public func attention(to keys: Tensor, values: Tensor) throws(TorchError) -> Tensor {
        try binary("attention", keys) { out, query, keys in
            values.lend { ct_scaled_dot_product_attention(out, query, keys, $0) }
        }
    }
}

// MARK: - Activations

extension Tensor {
    public func silu() throws(TorchError) -> Tensor { try unary("silu", ct_silu) }
    public func relu() throws(TorchError) -> Tensor { try unary("relu", ct_relu) }
    public func hardswish() throws(TorchError) -> Tensor { try unary("hardswish", ct_hardswish) }
    public func mish() throws(TorchError) -> Tensor { try unary("mish", ct_mish) }
    public func leakyReLU(slope: Double) throws(TorchError) -> Tensor {
        try unary("leakyReLU") { ct_leaky_relu($0, $1, slope) }
    }
}

// MARK: - Losses

public enum Reduction: Hashable, Sendable {
    case none, mean, sum

    var raw: CTReduction {
        switch self {
        case .none: CT_REDUCE_NONE
        case .mean: CT_REDUCE_MEAN
        case .sum: CT_REDUCE_SUM
        }
    }
}

extension Tensor {
    /// Binary cross-entropy of these logits; positive targets weigh `positiveWeight` times.
    public func binaryCrossEntropy(
        targets: Tensor, positiveWeight: Tensor? = nil, reduction: Reduction = .mean
    ) throws(TorchError) -> Tensor {
        try binary("binaryCrossEntropy", targets) { out, x, targets in
            positiveWeight.lend { ct_bce_with_logits(out, x, targets, $0, reduction.raw) }
        }
    }
}
