/// The four numbers that a validation comes down to: means over the classes that have labels, each 0...1.
public struct MeanMetrics: Hashable, Sendable {
    public let precision, recall, map50, map: Double

    /// `map50` is mAP@.5, `map` mAP@.5:.95.
    public init(precision: Double, recall: Double, map50: Double, map: Double) {
        self.precision = precision
        self.recall = recall
        self.map50 = map50
        self.map = map
    }

    /// All 0 without classes.
    package init(of classes: [ClassMetrics]) {
        func mean(_ value: (ClassMetrics) -> Double) -> Double {
            classes.isEmpty ? 0 : classes.map(value).reduce(0, +) / Double(classes.count)
        }
        self.init(precision: mean(\.precision), recall: mean(\.recall), map50: mean(\.ap50), map: mean(\.ap))
    }

    /// What `best.pt` is chosen by: a tenth of mAP@.5 and nine tenths of mAP@.5:.95.
    public var fitness: Double { 0.1 * map50 + 0.9 * map }
}
