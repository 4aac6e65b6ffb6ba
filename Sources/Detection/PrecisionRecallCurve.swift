/// Precision over recall of one class at one IoU threshold, and the area under it.
package struct PrecisionRecallCurve: Sendable {
    /// Rising from 0 to 1.
    package let recall: [Double]
    /// Falling from at most 1 to 0: at each recall, the best precision at that recall or a higher one.
    package let precision: [Double]

    /// - Parameters: Recall and precision after each detection, in falling order of confidence.
    package init(recall: [Double], precision: [Double]) {
        var envelope = [1.0] + precision + [0.0]
        for index in envelope.indices.dropLast().reversed() {
            envelope[index] = max(envelope[index], envelope[index + 1])
        }
        self.recall = [0.0] + recall + [1.0]
        self.precision = envelope
    }

    /// Average precision: the area under the curve through its values at recall 0, 0.01, … 1 (COCO), 0...1.
    ///
    /// Source: YOLOv5 6.2, `compute_ap`.
    package var averagePrecision: Double {
        let heights = PiecewiseLinear(x: recall, y: precision).values(at: Self.recallGrid, left: 1)
        return (heights.reduce(0, +) - (heights[0] + heights[100]) / 2) * 0.01
    }

    // 0.01 times the index, not the index over 100: which side of a step a point falls on depends on the last bit.
    private static let recallGrid = (0..<100).map { Double($0) * 0.01 } + [1.0]

    /// The recalls of `sampledPrecision`: 1000 even steps from 0 to 1.
    package static let sampledRecalls = ConfidenceCurve.confidences

    /// The precision at each of `sampledRecalls`, on straight lines between the curve's points.
    package var sampledPrecision: [Double] {
        PiecewiseLinear(x: recall, y: precision).values(at: Self.sampledRecalls, left: 1)
    }
}
