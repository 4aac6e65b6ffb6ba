import Torch

/// The rows of a model's YAML before the head, made into layers and wired up.
public struct LayerGraph {
    /// One row: its layer, and the rows it reads.
    public struct Node {
        public let layer: any ModelLayer
        /// Row numbers from 0; ``LayerGraph/image`` stands for the input image.
        public let sources: [Int]
        public let row: ModelConfiguration.Row
        /// After the depth multiple.
        public let repeats: Int
        /// The arguments with what the row's place adds to them: channels in and out, and repeats inside.
        public let arguments: [ConfigurationValue]
        /// For an image of ``LayerGraph/probeSize`` pixels.
        public let shape: FeatureShape
    }

    /// Stands for the input image in ``Node/sources``.
    public static let image = -1
    /// Side of the image, in pixels, on which the shapes are worked out: twice the largest stride in use.
    public static let probeSize = 256

    public let nodes: [Node]
    /// For each row the last one that reads its output; `nodes.count` stands for the head, -1 for none.
    private let lastReader: [Int]

    init(nodes: [Node], headSources: [Int]) {
        self.nodes = nodes
        var lastReader = Array(repeating: -1, count: nodes.count)
        for (index, node) in nodes.enumerated() {
            for source in node.sources where source >= 0 { lastReader[source] = index }
        }
        for source in headSources { lastReader[source] = nodes.count }
        self.lastReader = lastReader
    }

    /// Runs every row and hands out the outputs that the head reads.
    ///
    /// An output is let go after its last reader, so that inference holds few feature maps at a time.
    func outputs(_ image: Tensor, _ phase: Phase, for headSources: [Int]) throws(TorchError) -> [Tensor] {
        var outputs: [Int: Tensor] = [Self.image: image]
        for (index, node) in nodes.enumerated() {
            var inputs: [Tensor] = []
            for source in node.sources {
                guard let input = outputs[source] else { preconditionFailure("row \(source) was let go too early") }
                inputs.append(input)
            }
            for source in Set(node.sources) where source == Self.image || lastReader[source] == index {
                outputs[source] = nil
            }
            let output = try node.layer(inputs, phase)
            if lastReader[index] >= 0 { outputs[index] = output }
        }
        return headSources.compactMap { outputs[$0] }
    }

    /// Pixels of the image that a pixel of the smallest map stands for, among maps that divide the image evenly.
    var largestStride: Int {
        nodes.map(\.shape.height).filter { Self.probeSize.isMultiple(of: $0) }.map { Self.probeSize / $0 }
            .filter { $0 < Self.probeSize }.max() ?? 1
    }

    /// Rows whose outputs are kept for later ones: the reference's `save` list.
    func savedRows(headSources: [Int]) -> [Int] {
        var saved: [Int] = []
        for (index, node) in nodes.enumerated() {
            saved += zip(node.row.from, node.sources).filter { $0.0 != -1 }.map(\.1).filter { $0 < index }
        }
        return (saved + headSources).sorted()
    }

    /// Shapes of all rows for an image; counts their work.
    func measure(_ image: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> [FeatureShape] {
        var shapes: [FeatureShape] = []
        for node in nodes {
            let inputs = node.sources.map { $0 == Self.image ? image : shapes[$0] }
            shapes.append(try node.layer.measure(inputs, &cost))
        }
        return shapes
    }

    /// The same rows for inference; see ``ModelLayer/fused()``.
    func fused() throws(TorchError) -> LayerGraph {
        var fused: [Node] = []
        for node in nodes {
            fused.append(
                Node(
                    layer: try node.layer.fused(), sources: node.sources, row: node.row, repeats: node.repeats,
                    arguments: node.arguments, shape: node.shape))
        }
        return LayerGraph(nodes: fused, lastReader: lastReader)
    }

    private init(nodes: [Node], lastReader: [Int]) {
        self.nodes = nodes
        self.lastReader = lastReader
    }
}
