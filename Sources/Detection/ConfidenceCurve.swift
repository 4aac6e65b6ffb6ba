/// Precision, recall and F1 of one class at IoU 0.5, if only detections from some confidence up were shown.
package struct ConfidenceCurve: Hashable, Sendable {
    /// The confidences of the curve: 1000 even steps from 0 to 1.
    package static let confidences = (0..<999).map { Double($0) * (1.0 / 999) } + [1.0]

    /// A value for each of `confidences`.
    package let precision, recall: [Double]

    /// The curve of a class without detections.
    static let empty = {
        let zeros = [Double](repeating: 0, count: confidences.count)
        return ConfidenceCurve(precision: zeros, recall: zeros)
    }()

    private init(precision: [Double], recall: [Double]) {
        self.precision = precision
        self.recall = recall
    }

    /// - Parameters:
    ///   - confidences: Of the class's detections, falling; at least one.
    ///   - recall: After each of these detections.
    ///   - precision: Likewise.
    init(confidences: [Double], recall: [Double], precision: [Double]) {
        // Negated, confidences rise as interpolation wants them. Above the highest one nothing is shown: nothing is found, and
        // nothing is wrong.
        let negated = confidences.map { -$0 }
        let positions = Self.confidences.reversed().map { -$0 }
        self.recall = PiecewiseLinear(x: negated, y: recall).values(at: positions, left: 0).reversed()
        self.precision = PiecewiseLinear(x: negated, y: precision).values(at: positions, left: 1).reversed()
    }

    /// The harmonic mean of precision and recall at each of `confidences`.
    package var f1: [Double] {
        zip(precision, recall).map { 2 * $0 * $1 / ($0 + $1 + 1e-16) }
    }
}

/// The mean of each value and its neighbours, over a window of `2 * fraction` of them; the ends repeat outwards.
///
/// Source: YOLOv5 6.2, `smooth`, whose `f` is `fraction`.
package func smoothed(_ values: [Double], fraction: Double) -> [Double] {
    guard let first = values.first, let last = values.last else { return [] }
    let reach = Int((Double(values.count) * fraction * 2).rounded(.toNearestOrEven)) / 2 / 2
    let window = 2 * reach + 1
    let padded = [Double](repeating: first, count: reach) + values + [Double](repeating: last, count: reach)
    // Each window is summed afresh: a running sum would let rounding decide which point of a plateau is the highest.
    return values.indices.map { padded[$0..<$0 + window].reduce(0, +) / Double(window) }
}
