/// How well the objects of one class were found in a data set.
public struct ClassMetrics: Hashable, Sendable {
    public let classIndex: Int
    /// Objects of the class in the ground truth.
    public let labelCount: Int

    /// At IoU 0.5 and the confidence of `DetectionMetrics.bestConfidence`, each 0...1.
    public let precision, recall, f1: Double
    /// Average precision at IoU 0.50, 0.55, … 0.95, each 0...1.
    public let averagePrecisions: [Double]

    package init(
        classIndex: Int, labelCount: Int, precision: Double, recall: Double, f1: Double, averagePrecisions: [Double]
    ) {
        self.classIndex = classIndex
        self.labelCount = labelCount
        self.precision = precision
        self.recall = recall
        self.f1 = f1
        self.averagePrecisions = averagePrecisions
    }

    /// AP@.5
    public var ap50: Double { averagePrecisions[0] }

    /// AP@.5:.95
    public var ap: Double { averagePrecisions.reduce(0, +) / Double(averagePrecisions.count) }

    /// Right detections at the best confidence: recall times labels, as recall is read off a curve.
    public var truePositives: Int { Int((recall * Double(labelCount)).rounded(.toNearestOrEven)) }

    /// Wrong detections at the best confidence, from the precision.
    public var falsePositives: Int {
        let right = Double(truePositives)
        return Int((right / (precision + 1e-16) - right).rounded(.toNearestOrEven))
    }
}
