import Torch

/// The rows of a network as the reference prints them.
/// - Source: YOLOv5 v6.2, `models/yolo.py`, `parse_model`.
public struct LayerTable: Hashable, Sendable {
    public struct Row: Hashable, Sendable {
        /// From 0; the head is the last one.
        public var index: Int
        /// Rows that it reads, as the YAML gives them: `-1`, `[-1, 6]`.
        public var from: String
        /// After the depth multiple.
        public var repeats: Int
        public var parameters: Int
        /// Python's class: `models.common.Conv`.
        public var module: String
        /// With the channels of the input in front: `[3, 32, 6, 2, 2]`.
        public var arguments: String
    }

    public var rows: [Row]
}

extension DetectionModel {
    /// A line a row, the head included.
    public var layerTable: LayerTable {
        let details = graph.nodes.map { (repeats: $0.repeats, arguments: $0.arguments) }
            + [(repeats: 1, arguments: headArguments)]
        let table = zip(rows, zip(configuration.rows, details)).enumerated().map { index, entry in
            let (row, (configured, detail)) = entry
            return LayerTable.Row(
                index: index,
                from: configured.takesList ? configured.from.description : configured.from[0].description,
                repeats: detail.repeats, parameters: row.parameters().reduce(0) { $0 + $1.count },
                module: "\(row.rowClass)", arguments: ConfigurationValue(.list(detail.arguments)).description)
        }
        return LayerTable(rows: table)
    }

    /// Classes, anchors, channels of each level.
    private var headArguments: [ConfigurationValue] {
        let levels =
            switch configuration.anchors {
            case .pixels(let levels): levels
            case .count(let count): head.strides.map { _ in (0..<2 * count).map(Double.init) }
            }
        let anchors = levels.map { ConfigurationValue(.list($0.map(ConfigurationValue.shortest))) }
        let channels = headSources.map { ConfigurationValue(.integer(graph.nodes[$0].shape.channels)) }
        return [ConfigurationValue(.integer(classCount)), ConfigurationValue(.list(anchors)), ConfigurationValue(.list(channels))]
    }
}

extension LayerTable: CustomStringConvertible {
    public var description: String { ([Self.header] + rows.map(\.description)).joined(separator: "\n") }

    static let header = line("", "from", "n", "params", "module", "arguments")

    static func line(
        _ index: String, _ from: String, _ repeats: String, _ parameters: String, _ module: String, _ arguments: String
    ) -> String {
        index.leftPadded(to: 3) + from.leftPadded(to: 18) + repeats.leftPadded(to: 3) + parameters.leftPadded(to: 10) + "  "
            + module.rightPadded(to: 40) + arguments
    }
}

extension LayerTable.Row: CustomStringConvertible {
    public var description: String {
        LayerTable.line("\(index)", from, "\(repeats)", "\(parameters)", module, arguments)
    }
}
