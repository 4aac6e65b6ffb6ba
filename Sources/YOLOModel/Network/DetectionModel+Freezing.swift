public import Torch

extension DetectionModel {
    /// Rows as the YAML counts them, the head included.
    public var rowCount: Int { graph.nodes.count + 1 }

    /// The kind that the YAML names in a row: `Conv`, `C3`, …, `Detect`.
    public func kind(ofRow row: Int) -> String { configuration.rows[row].kind }

    /// Keeps the parameters of some rows from learning; their running statistics still follow the batches.
    ///
    /// To be called before the first training batch. The backward pass stops at the first row that learns.
    /// - Parameter rows: 0 to ``rowCount`` - 1.
    /// - Source: YOLOv5 v6.2, `train.py`, "Freeze".
    public func freeze(rows: some Sequence<Int>) throws(TorchError) {
        for row in rows {
            precondition((0..<rowCount).contains(row), "a network of \(rowCount) rows has no row \(row)")
            let parameters = row < graph.nodes.count ? graph.nodes[row].layer.parameters() : head.parameters()
            for parameter in parameters { try parameter.requireGradient(false) }
        }
    }
}
