import Torch

/// The layers that a model's YAML may name. ``standard`` holds those of YOLOv5; see ``LayerKind`` for adding your own.
///
/// The head, `Detect`, is no entry: it is what a ``DetectionModel`` ends with.
public struct LayerRegistry: Sendable {
    private var kinds: [String: LayerKind]

    public init(_ kinds: [LayerKind] = []) {
        self.kinds = Dictionary(kinds.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// Adds a kind of layer, in place of one of the same name.
    public mutating func register(_ kind: LayerKind) { kinds[kind.name] = kind }

    public subscript(name: String) -> LayerKind? { kinds[name] }
    public var names: [String] { kinds.keys.sorted() }

    /// The layers of YOLOv5.
    public static let standard = LayerRegistry([conv, bottleneck, c3, sppf, concat, upsample])
}

extension LayerRegistry {
    private static let conv = LayerKind(
        "Conv", parameters: ["channels", "kernel size", "stride", "padding", "groups", "activation"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.integer("kernel size", in: 1...255, default: 1)
        let stride = try row.integer("stride", in: 1...255, default: 1)
        let padding = try row.integer("padding", in: 0...255, default: kernelSize / 2)
        let groups = try row.groups(inChannels, outChannels)
        let activation = try row.boolean("activation", default: true) ? row.activation : .identity
        return try row.making { () throws(TorchError) in
            try Conv(
                inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding, groups: groups,
                activation: activation)
        }
    }

    private static let bottleneck = LayerKind(
        "Bottleneck", parameters: ["channels", "shortcut", "groups", "expansion"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let shortcut = try row.boolean("shortcut", default: true)
        let expansion = try row.expansion(outChannels)
        let groups = try row.groups(Int(Double(outChannels) * expansion), outChannels)
        return try row.making { () throws(TorchError) in
            try Bottleneck(
                inChannels, outChannels, shortcut: shortcut, groups: groups, expansion: expansion,
                activation: row.activation)
        }
    }

    private static let c3 = LayerKind(
        "C3", parameters: ["channels", "shortcut", "groups", "expansion"], required: 1, repeatsInside: true
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let shortcut = try row.boolean("shortcut", default: true)
        let expansion = try row.expansion(outChannels)
        let hidden = Int(Double(outChannels) * expansion)
        let groups = try row.groups(hidden, hidden)
        return try row.making { () throws(TorchError) in
            try C3(
                inChannels, outChannels, repeats: row.repeats, shortcut: shortcut, groups: groups, expansion: expansion,
                activation: row.activation)
        }
    }

    private static let sppf = LayerKind(
        "SPPF", parameters: ["channels", "kernel size"], required: 1
    ) { row throws(ModelError) in
        let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
        let kernelSize = try row.oddKernelSize(default: 5)
        return try row.making { () throws(TorchError) in
            try SPPF(inChannels, outChannels, kernelSize: kernelSize, activation: row.activation)
        }
    }

    private static let concat = LayerKind("Concat", parameters: ["axis"], required: 0) { row throws(ModelError) in
        _ = try row.integer("axis", in: 1...1, default: 1)
        return Concat()
    }

    private static let upsample = LayerKind(
        "nn.Upsample", parameters: ["size", "scale", "mode"], required: 2
    ) { row throws(ModelError) in
        if let size = row.argument("size") { throw row.fault("size must be None, found \(size.excerpt)") }
        if let mode = row.argument("mode"), mode.text != "nearest" {
            throw row.fault("mode must be 'nearest', found \(mode.excerpt)")
        }
        return Upsample(scale: try row.integer("scale", in: 1...32))
    }
}

extension LayerRow {
    /// The argument `groups`, which must divide both numbers of channels.
    func groups(_ inChannels: Int, _ outChannels: Int) throws(ModelError) -> Int {
        let groups = try integer("groups", in: 1...(1 << 16), default: 1)
        guard inChannels.isMultiple(of: groups), outChannels.isMultiple(of: groups) else {
            throw fault("groups must divide \(inChannels) and \(outChannels) channels, found \(groups)")
        }
        return groups
    }

    /// The argument `expansion`, which must leave at least one channel inside.
    func expansion(_ outChannels: Int) throws(ModelError) -> Double {
        let expansion = try number("expansion", default: 0.5)
        guard expansion <= 8, Double(outChannels) * expansion >= 1 else {
            throw fault("expansion must leave a channel and be at most 8, found \(expansion)")
        }
        return expansion
    }

    /// The argument `kernel size` of a pooling that keeps the size.
    func oddKernelSize(default fallback: Int) throws(ModelError) -> Int {
        let size = try integer("kernel size", in: 1...255, default: fallback)
        guard !size.isMultiple(of: 2) else { throw fault("kernel size must be odd, found \(size)") }
        return size
    }
}
