import PyTorchFile
public import Torch

/// A YOLOv5 network: rows of layers and a detection head.
///
/// ```swift
/// let model = try DetectionModel(ModelConfiguration(named: "yolov5s.yaml"))
/// try model.move(to: .cuda(0))
/// try model.useChannelsLast()
/// let levels = try model(images, .training).levels        // raw, for the loss
/// let boxes = try model(images, .inference).predictions   // decoded, for non-maximum suppression
/// ```
/// A copy of this value is the same network; ``copied()`` makes another one.
public struct DetectionModel: PythonModule {
    public internal(set) var configuration: ModelConfiguration
    public let graph: LayerGraph
    public let head: DetectHead
    /// Rows that the head reads, one a level.
    public let headSources: [Int]
    /// One for each class; numbers until told otherwise.
    public var classNames: [String]
    /// Whether batch normalizations are folded away: for inference only.
    public let isFused: Bool
    private let registry: LayerRegistry

    /// Makes the network with random weights, from libtorch's generator.
    /// - Parameters:
    ///   - configuration: rows, multiples, anchors.
    ///   - registry: the layers that rows may name.
    /// - Throws: ``ModelError/configuration(_:)`` with the line of a row that makes no sense.
    public init(_ configuration: ModelConfiguration, registry: LayerRegistry = .standard) throws(ModelError) {
        try self.init(configuration, registry: registry, isRandom: true)
    }

    /// Makes the network with whatever the memory holds as weights, which are to be loaded at once, or not to be looked at.
    package init(
        uninitialized configuration: ModelConfiguration, registry: LayerRegistry = .standard
    ) throws(ModelError) {
        try self.init(configuration, registry: registry, isRandom: false)
    }

    private init(_ configuration: ModelConfiguration, registry: LayerRegistry, isRandom: Bool) throws(ModelError) {
        let builder = NetworkBuilder(configuration: configuration, registry: registry)
        let network = try builder.build(isRandom: isRandom)
        self.init(
            configuration: configuration, graph: network.graph, head: network.head, headSources: network.headSources,
            classNames: (0..<configuration.classCount).map(String.init), isFused: false, registry: registry)
    }

    private init(
        configuration: ModelConfiguration, graph: LayerGraph, head: DetectHead, headSources: [Int],
        classNames: [String], isFused: Bool, registry: LayerRegistry
    ) {
        self.configuration = configuration
        self.graph = graph
        self.head = head
        self.headSources = headSources
        self.classNames = classNames
        self.isFused = isFused
        self.registry = registry
    }

    public var classCount: Int { configuration.classCount }
    /// Pixels a cell of each level.
    public var strides: [Int] { head.strides }
    /// What height and width of an image must be divisible by.
    ///
    /// Rows before the head may go deeper than the coarsest level (`yolov5-p34.yaml`); it is at least 32, as in the reference.
    public var largestStride: Int { max(strides.max() ?? 32, graph.largestStride, 32) }
    /// Rows whose output a later row reads, as the reference lists them.
    public var savedRows: [Int] { graph.savedRows(headSources: headSources) }

    /// - Parameter images: `[N, channels, H, W]` in 0...1, best channels-last; height and width multiples of
    ///   ``largestStride``.
    /// - Returns: raw levels; in inference also boxes in pixels.
    public func callAsFunction(_ images: Tensor, _ phase: Phase) throws(TorchError) -> HeadOutput {
        let images = isFused ? try images.to(head.computeType) : images
        let features = try graph.outputs(images, phase, for: headSources)
        let levels = try head.levels(features, phase)
        return HeadOutput(levels: levels, predictions: phase == .inference ? try head.decoded(levels) : nil)
    }

    public func visitState(_ visitor: inout StateVisitor) {
        // The reference keeps layers and head in one list.
        visitor.visit("model", ModuleList(rows, pythonClass: .sequential))
    }

    /// The layers and the head.
    var rows: [NetworkRow] {
        let layers = graph.nodes.enumerated().map { index, node in
            NetworkRow(node.layer, index: index, row: node.row)
        }
        return layers + [NetworkRow(head, index: graph.nodes.count, row: configuration.rows[graph.nodes.count])]
    }
}

extension DetectionModel {
    /// A network for inference with batch normalizations folded into their convolutions: fewer operations, the same boxes.
    ///
    /// Its weights are new tensors, and those of the layers do not learn; this network stays as it is.
    /// - Parameter type: what the convolutions hold and compute in, folded in float32 first. Images are converted to it, so
    ///   no autocast is needed; boxes are float32 whatever it is.
    public func fused(as type: ScalarType = .float32) throws(TorchError) -> DetectionModel {
        let fused = DetectionModel(
            configuration: configuration, graph: try graph.fused(), head: try head.copied(), headSources: headSources,
            classNames: classNames, isFused: true, registry: registry)
        let own = Set(stateEntries().map { $0.tensor.identity })
        let entries = fused.stateEntries()
        // A normalization that is not folded stays whole in float32: libtorch wants its statistics and weights of one type.
        let norms = Set(entries.compactMap { $0.name.removingSuffix("running_mean") })
        for entry in entries where entry.role == .parameter && entry.tensor.scalarType != type {
            guard norms.isDisjoint(with: ["weight", "bias"].compactMap(entry.name.removingSuffix)) else { continue }
            precondition(!own.contains(entry.tensor.identity), "fused() gave '\(entry.name)' away instead of a copy")
            try entry.tensor.replaceData(with: entry.tensor.detached().to(type))
        }
        return fused
    }

    /// Another network with the same weights, on the same device, in the same types and layout; it does not learn.
    public func copied() throws(ModelError) -> DetectionModel {
        var copy = try DetectionModel(uninitialized: configuration, registry: registry)
        copy.classNames = classNames
        return try tensorWork { () throws(TorchError) in
            if isFused { copy = try copy.fused() }
            for (target, source) in zip(copy.stateEntries(), stateEntries()) {
                if target.role == .parameter { try target.tensor.requireGradient(false) }
                try target.tensor.replaceData(with: source.tensor.detached().cloned())
            }
            return copy
        }
    }
}
