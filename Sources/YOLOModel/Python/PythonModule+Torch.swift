public import PyTorchFile
public import Torch

// What PyTorch's own classes keep, as of 1.12; later versions fill in what they have added since.

extension Conv2d: PythonModule {
    public var pythonClass: PythonName { PythonName("torch.nn.modules.conv", "Conv2d") }

    public var pythonAttributes: [PythonAttribute] {
        convolutionAttributes(
            inChannels, outChannels, kernelSize, stride: stride, padding: padding, dilation: dilation, outputPadding: nil,
            groups: groups)
    }
}

extension ConvTranspose2d: PythonModule {
    public var pythonClass: PythonName { PythonName("torch.nn.modules.conv", "ConvTranspose2d") }

    public var pythonAttributes: [PythonAttribute] {
        convolutionAttributes(
            inChannels, outChannels, kernelSize, stride: stride, padding: padding, dilation: dilation,
            outputPadding: outputPadding, groups: groups)
    }
}

/// - Parameter outputPadding: nil for a convolution that is not transposed.
private func convolutionAttributes(
    _ inChannels: Int, _ outChannels: Int, _ kernelSize: Extent, stride: Extent, padding: Extent, dilation: Extent,
    outputPadding: Extent?, groups: Int
) -> [PythonAttribute] {
    [
        ("in_channels", .int(inChannels)), ("out_channels", .int(outChannels)), ("kernel_size", kernelSize.python),
        ("stride", stride.python), ("padding", padding.python), ("dilation", dilation.python),
        ("transposed", .bool(outputPadding != nil)), ("output_padding", (outputPadding ?? 0).python), ("groups", .int(groups)),
        ("padding_mode", "zeros"),
        (
            "_reversed_padding_repeated_twice",
            .tuple([padding.width, padding.width, padding.height, padding.height].map(PickleValue.int))
        ),
    ]
}

extension Extent {
    fileprivate var python: PickleValue { .tuple([.int(height), .int(width)]) }
}

extension BatchNorm2d: PythonModule {
    public var pythonClass: PythonName { PythonName("torch.nn.modules.batchnorm", "BatchNorm2d") }

    public var pythonAttributes: [PythonAttribute] {
        [
            ("num_features", .int(weight.count)), ("eps", .double(epsilon)), ("momentum", .double(momentum)),
            ("affine", true), ("track_running_stats", true),
        ]
    }
}

extension Linear: PythonModule {
    public var pythonClass: PythonName { PythonName("torch.nn.modules.linear", "Linear") }

    public var pythonAttributes: [PythonAttribute] {
        [("in_features", .int(inFeatures)), ("out_features", .int(outFeatures))]
    }
}

extension MultiheadAttention: PythonModule {
    public var pythonClass: PythonName { PythonName("torch.nn.modules.activation", "MultiheadAttention") }

    public var pythonAttributes: [PythonAttribute] {
        [
            ("embed_dim", .int(width)), ("kdim", .int(width)), ("vdim", .int(width)), ("_qkv_same_embed_dim", true),
            ("num_heads", .int(headCount)), ("dropout", 0.0), ("batch_first", false),
            ("head_dim", .int(width / headCount)), ("bias_k", nil), ("bias_v", nil), ("add_zero_attn", false),
        ]
    }
}

extension Activation: PythonModule {
    public var pythonClass: PythonName {
        let name =
            switch self {
            case .identity: "Identity"
            case .silu: "SiLU"
            case .relu: "ReLU"
            case .leakyReLU: "LeakyReLU"
            case .hardswish: "Hardswish"
            case .mish: "Mish"
            case .sigmoid: "Sigmoid"
            }
        return PythonName(self == .identity ? "torch.nn.modules.linear" : "torch.nn.modules.activation", name)
    }

    /// The reference lets these work in place.
    public var pythonAttributes: [PythonAttribute] {
        switch self {
        case .identity, .sigmoid: []
        case .leakyReLU(let slope): [("negative_slope", .double(slope)), ("inplace", true)]
        case .silu, .relu, .hardswish: [("inplace", true)]
        case .mish: [("inplace", false)]
        }
    }
}
