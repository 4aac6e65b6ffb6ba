import PyTorchFile
public import Torch

/// Attention between all pixels of a map, then two matrices, each with a shortcut around it; no normalization.
///
/// - Input and output: `[N, pixels, C]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `TransformerLayer` (https://arxiv.org/abs/2010.11929 without its normalizations);
///   parameters `q.weight`, `k.weight`, `v.weight`, `ma.*`, `fc1.weight`, `fc2.weight`.
public struct TransformerLayer: PythonModule {
    let queries: Linear
    let keys: Linear
    let values: Linear
    let attention: MultiheadAttention
    let first: Linear
    let second: Linear

    init(channels: Int, headCount: Int) throws(TorchError) {
        queries = try Linear(channels, channels, hasBias: false)
        keys = try Linear(channels, channels, hasBias: false)
        values = try Linear(channels, channels, hasBias: false)
        attention = try MultiheadAttention(width: channels, headCount: headCount)
        first = try Linear(channels, channels, hasBias: false)
        second = try Linear(channels, channels, hasBias: false)
    }

    /// The same layer with weights of its own.
    init(copying other: TransformerLayer) throws(TorchError) {
        queries = try other.queries.copied()
        keys = try other.keys.copied()
        values = try other.values.copied()
        attention = try other.attention.copied()
        first = try other.first.copied()
        second = try other.second.copied()
    }

    func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let attended = try attention(queries: queries(x, phase), keys: keys(x, phase), values: values(x, phase)) + x
        return try second(first(attended, phase), phase) + attended
    }

    public func visitState(_ visitor: inout StateVisitor) {
        visitor.visit("q", queries)
        visitor.visit("k", keys)
        visitor.visit("v", values)
        visitor.visit("ma", attention)
        visitor.visit("fc1", first)
        visitor.visit("fc2", second)
    }

    /// The reference counts the five matrices, and nothing of the attention.
    func measure(pixels: Int, _ cost: inout ModelCost) {
        for matrix in [queries, keys, values, first, second] { cost.add(multiplyAccumulates: pixels, times: matrix.weight.count) }
    }
}

/// A chain of transformer layers over the pixels of a map, with a learnt embedding of what they hold.
///
/// - Input: `[N, C1, H, W]`; output: `[N, C2, H, W]`.
/// - Source: YOLOv5 v6.2, `models/common.py`, `TransformerBlock`; parameters `conv.*` where C1 is not C2, `linear.*`,
///   `tr.<i>.*`.
public struct TransformerBlock: SingleInputLayer {
    let projection: Conv?
    let embedding: Linear
    let layers: [TransformerLayer]

    private init(projection: Conv?, embedding: Linear, layers: [TransformerLayer]) {
        self.projection = projection
        self.embedding = embedding
        self.layers = layers
    }

    /// - Parameter headCount: must divide `outChannels`.
    public init(
        _ inChannels: Int, _ outChannels: Int, headCount: Int, layerCount: Int, activation: Activation = .silu
    ) throws(TorchError) {
        projection = inChannels == outChannels ? nil : try Conv(inChannels, outChannels, activation: activation)
        embedding = try Linear(outChannels, outChannels)
        var layers: [TransformerLayer] = []
        for _ in 0..<layerCount { layers.append(try TransformerLayer(channels: outChannels, headCount: headCount)) }
        self.layers = layers
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        let map = try projection?(x, phase) ?? x
        let (count, channels, height, width) = (map.shape[0], map.shape[1], map.shape[2], map.shape[3])
        // Channels-last memory already holds one row a pixel.
        let pixels = try map.permuted([0, 2, 3, 1]).reshaped([count, height * width, channels])
        var sequence = try pixels + embedding(pixels, phase)
        for layer in layers { sequence = try layer(sequence, phase) }
        return try sequence.reshaped([count, height, width, channels]).permuted([0, 3, 1, 2])
    }

    public func visitState(_ visitor: inout StateVisitor) {
        if let projection { visitor.visit("conv", projection) }
        visitor.visit("linear", embedding)
        visitor.visit("tr", ModuleList(layers, pythonClass: .sequential))
    }

    /// Python asks whether there is a `conv`.
    public var pythonAttributes: [PythonAttribute] {
        let channels: PythonAttribute = ("c2", .int(embedding.outFeatures))
        return projection == nil ? [("conv", nil), channels] : [channels]
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        let shape = try projection?.measure(input, &cost) ?? input
        try shape.expectChannels(embedding.inFeatures)
        let pixels = shape.height * shape.width
        cost.add(multiplyAccumulates: pixels, times: embedding.weight.count)
        for layer in layers { layer.measure(pixels: pixels, &cost) }
        return shape
    }

    public func fused() throws(TorchError) -> Self {
        var copies: [TransformerLayer] = []
        for layer in layers { copies.append(try TransformerLayer(copying: layer)) }
        return Self(projection: try projection?.fused(), embedding: try embedding.copied(), layers: copies)
    }
}

extension Linear {
    /// The same matrix with weights of its own, which learn where these do.
    fileprivate func copied() throws(TorchError) -> Linear {
        Linear(weight: try weight.copiedLeaf(), bias: try bias?.copiedLeaf())
    }
}

extension MultiheadAttention {
    /// The same attention with weights of its own, which learn where these do.
    fileprivate func copied() throws(TorchError) -> MultiheadAttention {
        MultiheadAttention(
            projectionWeight: try projectionWeight.copiedLeaf(), projectionBias: try projectionBias.copiedLeaf(),
            output: try output.copied(), headCount: headCount)
    }
}
