package import Detection
package import YOLOReporting

/// What came of training with some hyperparameters: the metrics and losses of the last validation.
package struct EvolutionResult: Sendable, Hashable {
    package let metrics: MeanMetrics
    package let losses: LossItems

    package init(metrics: MeanMetrics, losses: LossItems) {
        (self.metrics, self.losses) = (metrics, losses)
    }

    /// What a training without a result counts as: nothing is worse, so it has hardly any children.
    package static let failed = EvolutionResult(
        metrics: MeanMetrics(precision: 0, recall: 0, map50: 0, map: 0),
        losses: LossItems(box: 0, objectness: 0, classification: 0))

    /// What hyperparameters are compared by: a tenth of mAP@.5 and nine tenths of mAP@.5:.95.
    package var fitness: Double { metrics.fitness }

    /// The first columns of `evolve.csv`.
    static let columns = [
        "metrics/precision", "metrics/recall", "metrics/mAP_0.5", "metrics/mAP_0.5:0.95", "val/box_loss", "val/obj_loss", "val/cls_loss",
    ]

    /// In the order of the columns.
    var numbers: [Double] {
        [metrics.precision, metrics.recall, metrics.map50, metrics.map, losses.box, losses.objectness, losses.classification]
    }

    var isFinite: Bool { numbers.allSatisfy(\.isFinite) }

    /// - Parameter numbers: in the order of the columns, at least as many.
    init(_ numbers: [Double]) {
        metrics = MeanMetrics(precision: numbers[0], recall: numbers[1], map50: numbers[2], map: numbers[3])
        losses = LossItems(box: numbers[4], objectness: numbers[5], classification: numbers[6])
    }
}
