import Torch

/// Makes the rows of a configuration into layers, working out shapes on the way.
/// - Source: YOLOv5, `parse_model`; strides follow from the shapes for an image of ``LayerGraph/probeSize`` pixels,
///   where the reference runs such an image through the network.
struct NetworkBuilder {
    let configuration: ModelConfiguration
    let registry: LayerRegistry

    typealias Network = (graph: LayerGraph, head: DetectHead, headSources: [Int])

    /// - Parameter isRandom: false leaves in the weights whatever the memory holds, for weights that are about to be loaded.
    func build(isRandom: Bool = true) throws(ModelError) -> Network {
        // Memory that nobody has written to costs nothing, so an absurd network is found out before it fills the machine.
        let network = try withoutWeightInitialization { () throws(ModelError) in try buildOnce() }
        return isRandom ? try buildOnce() : network
    }

    private func buildOnce() throws(ModelError) -> Network {
        let activation = try self.activation()
        var nodes: [LayerGraph.Node] = []
        var parameterCount = 0
        var layerCount = 0
        let rows = configuration.rows
        guard let last = rows.last, last.kind == "Detect" else {
            throw fault(rows.last, rows.count - 1, "the last row must be Detect")
        }
        for (index, row) in rows.dropLast().enumerated() {
            layerCount += configuration.scaledRepeats(row.repeats)
            try check(layerCount, "layers", atMost: ModelConfiguration.Limit.layers, row, index)
            let node = try node(index, row, after: nodes, activation)
            parameterCount += node.layer.parameters().reduce(0) { $0 + $1.count }
            try check(parameterCount, "weights", atMost: ModelConfiguration.Limit.parameters, row, index)
            nodes.append(node)
        }
        let sources = try self.sources(rows.count - 1, last)
        guard !sources.contains(LayerGraph.image) else {
            throw fault(last, rows.count - 1, "Detect reads the image; expected rows of layers before it")
        }
        let shapes = sources.map { nodes[$0].shape }
        let outputs = configuration.anchorCount * (5 + configuration.classCount)
        parameterCount += shapes.reduce(0) { $0 + ($1.channels + 1) * outputs }
        try check(parameterCount, "weights", atMost: ModelConfiguration.Limit.parameters, last, rows.count - 1)
        let head = try self.head(last, inputs: shapes, index: rows.count - 1)
        return (LayerGraph(nodes: nodes, headSources: sources), head, sources)
    }

    /// Refuses a network that no machine has room for.
    private func check(
        _ count: Int, _ what: String, atMost most: Int, _ row: ModelConfiguration.Row, _ index: Int
    ) throws(ModelError) {
        guard count > most else { return }
        throw fault(row, index, "the network has \(count) \(what) up to here, at most \(most) are taken")
    }

    // MARK: Layers

    private func node(
        _ index: Int, _ row: ModelConfiguration.Row, after nodes: [LayerGraph.Node], _ activation: Activation
    ) throws(ModelError) -> LayerGraph.Node {
        guard let kind = registry[row.kind] else {
            let known = (registry.names + ["Detect"]).joined(separator: ", ")
            throw fault(
                row, index,
                row.kind == "Detect" ? "Detect must be the last row" : "there is no layer of this name; known are \(known)")
        }
        guard (kind.requiredCount...kind.parameters.count).contains(row.arguments.count) else {
            let expected = kind.parameters.isEmpty ? "no arguments" : kind.parameters.joined(separator: ", ")
            throw fault(
                row, index,
                "found \(row.arguments.count) arguments, expected \(kind.requiredCount) to \(kind.parameters.count): "
                    + expected)
        }
        let sources = try self.sources(index, row)
        let image = FeatureShape(
            channels: configuration.inputChannels, height: LayerGraph.probeSize, width: LayerGraph.probeSize)
        let inputs = sources.map { $0 == LayerGraph.image ? image : nodes[$0].shape }
        let repeats = configuration.scaledRepeats(row.repeats)
        let layerRow = LayerRow(
            index: index, kind: kind, arguments: row.arguments, inputs: inputs, repeats: repeats, activation: activation,
            configuration: configuration, line: row.line)
        let layer = try self.layer(kind, layerRow)
        var cost = ModelCost()
        do throws(ShapeError) {
            let shape = try layer.measure(inputs, &cost)
            try shape.checkSize()
            return LayerGraph.Node(
                layer: layer, sources: sources, row: row, repeats: repeats, arguments: layerRow.resolvedArguments(shape),
                shape: shape)
        } catch {
            throw layerRow.fault(error.message)
        }
    }

    private func layer(_ kind: LayerKind, _ row: LayerRow) throws(ModelError) -> any ModelLayer {
        guard !kind.repeatsInside, row.repeats > 1 else { return try kind.make(row) }
        var layers: [any ModelLayer] = []
        for _ in 0..<row.repeats { layers.append(try kind.make(row)) }
        return RepeatedLayer(layers)
    }

    /// Row numbers that `from` means.
    private func sources(_ index: Int, _ row: ModelConfiguration.Row) throws(ModelError) -> [Int] {
        var sources: [Int] = []
        for from in row.from {
            let source = from < 0 ? index + from : from
            let isImage = index == 0 && from == -1
            guard isImage || (0..<index).contains(source) else {
                throw fault(
                    row, index, "'from' \(from) names no earlier row; expected 0 to \(index - 1), or -1 to -\(index)")
            }
            sources.append(isImage ? LayerGraph.image : source)
        }
        return sources
    }

    // MARK: Head

    private func head(_ row: ModelConfiguration.Row, inputs: [FeatureShape], index: Int) throws(ModelError) -> DetectHead {
        guard row.arguments.count == 2, row.arguments[1].text == "anchors",
            row.arguments[0].text == "nc" || row.arguments[0].integer == configuration.classCount
        else {
            let found = ConfigurationValue(.list(row.arguments))
            throw fault(row, index, "expected the arguments [nc, anchors], found \(found.excerpt)")
        }
        let pixels: [[Double]]
        switch configuration.anchors {
        case .pixels(let levels): pixels = levels
        case .count(let count): pixels = Array(repeating: (0..<2 * count).map(Double.init), count: inputs.count)
        }
        guard pixels.count == inputs.count else {
            throw fault(row, index, "anchors has \(pixels.count) lines, but Detect reads \(inputs.count) rows")
        }
        var strides: [Int] = []
        for shape in inputs {
            let stride = LayerGraph.probeSize / max(shape.height, 1)
            guard shape.height == shape.width, stride * shape.height == LayerGraph.probeSize else {
                throw fault(
                    row, index,
                    "an image of \(LayerGraph.probeSize) pixels comes out \(shape.height) x \(shape.width), "
                        + "which is no whole stride")
            }
            strides.append(stride)
        }
        return try tensorWork { () throws(TorchError) in
            try DetectHead(
                classCount: configuration.classCount, channels: inputs.map(\.channels), strides: strides, anchors: pixels)
        }
    }

    // MARK: Parts

    private func activation() throws(ModelError) -> Activation {
        guard let name = configuration.activation else { return .silu }
        guard let activation = Activation(python: name) else {
            throw .configuration(
                ConfigurationError(
                    source: configuration.source,
                    message: "activation: expected one of \(Activation.pythonNames), found '\(name)'"))
        }
        return activation
    }

    private func fault(_ row: ModelConfiguration.Row?, _ index: Int, _ message: String) -> ModelError {
        let place = row.map { "row \(index) (\($0.kind)): " } ?? ""
        return .configuration(
            ConfigurationError(source: configuration.source, line: row?.line, message: place + message))
    }
}
