/// Precision, recall and average precision of detections over a whole data set.
///
/// Source: YOLOv5 6.2, `ap_per_class`.
public struct DetectionMetrics: Hashable, Sendable {
    /// One entry for each class that has labels, by rising class index. Detections of other classes count nowhere.
    public let classes: [ClassMetrics]
    public let mean: MeanMetrics
    /// The confidence at which F1, averaged over the classes and smoothed, is highest; precision and recall are taken there.
    public let bestConfidence: Double
    /// The curves behind precision and recall, in the order of `classes`.
    package let curves: [ConfidenceCurve]
    /// Precision over recall at IoU 0.5, at each of `PrecisionRecallCurve.sampledRecalls`, in the order of `classes`; zeros for a
    /// class without detections.
    package let sampledPrecisions: [[Double]]

    /// A detection with the verdict of the matcher.
    package struct MatchedDetection: Hashable, Sendable {
        package var confidence: Float
        package var classIndex: Int
        package var matches: ThresholdSet

        package init(confidence: Float, classIndex: Int, matches: ThresholdSet) {
            self.confidence = confidence
            self.classIndex = classIndex
            self.matches = matches
        }
    }

    /// - Parameters:
    ///   - detections: Of all images, in any order; where confidences are equal the order decides.
    ///   - labelCounts: By class index, the number of labels in all images.
    package init(detections: [MatchedDetection], labelCounts: [Int]) {
        var detectionsByClass = [[MatchedDetection]](repeating: [], count: labelCounts.count)
        for detection in detections where labelCounts.indices.contains(detection.classIndex) {
            detectionsByClass[detection.classIndex].append(detection)
        }
        let evaluations = labelCounts.indices.filter { labelCounts[$0] > 0 }.map {
            ClassEvaluation(classIndex: $0, labelCount: labelCounts[$0], detections: detectionsByClass[$0])
        }
        curves = evaluations.map(\.curve)
        sampledPrecisions = evaluations.map(\.sampledPrecision)

        let best = Self.indexOfBestF1(curves)
        classes = evaluations.map { evaluation in
            ClassMetrics(
                classIndex: evaluation.classIndex, labelCount: evaluation.labelCount,
                precision: evaluation.curve.precision[best], recall: evaluation.curve.recall[best],
                f1: evaluation.curve.f1[best], averagePrecisions: evaluation.averagePrecisions)
        }
        mean = MeanMetrics(of: classes)
        bestConfidence = ConfidenceCurve.confidences[best]
    }

    /// The index into `ConfidenceCurve.confidences` where the smoothed mean of F1 is highest, the first of equals.
    private static func indexOfBestF1(_ curves: [ConfidenceCurve]) -> Int {
        var sum = [Double](repeating: 0, count: ConfidenceCurve.confidences.count)
        for curve in curves {
            for (index, value) in curve.f1.enumerated() { sum[index] += value }
        }
        let smooth = smoothed(sum.map { $0 / Double(max(curves.count, 1)) }, fraction: 0.1)
        return smooth.indices.reduce(0) { smooth[$1] > smooth[$0] ? $1 : $0 }
    }
}

/// One class on its own: from its detections in falling order of confidence to its curves.
private struct ClassEvaluation {
    let classIndex: Int
    let labelCount: Int
    /// One for each IoU threshold.
    let averagePrecisions: [Double]
    let curve: ConfidenceCurve
    /// At IoU 0.5.
    let sampledPrecision: [Double]

    /// `labelCount` is at least 1.
    init(classIndex: Int, labelCount: Int, detections: [DetectionMetrics.MatchedDetection]) {
        self.classIndex = classIndex
        self.labelCount = labelCount
        guard !detections.isEmpty else {
            averagePrecisions = DetectionMatcher.thresholds.map { _ in 0 }
            curve = .empty
            sampledPrecision = [Double](repeating: 0, count: PrecisionRecallCurve.sampledRecalls.count)
            return
        }
        let ranked = detections.enumerated()
            .sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }
            .map(\.element)
        let rates = DetectionMatcher.thresholds.indices.map { threshold in
            Rates(ranked, atThreshold: threshold, labelCount: labelCount)
        }
        let precisionRecall = rates.map { PrecisionRecallCurve(recall: $0.recall, precision: $0.precision) }
        averagePrecisions = precisionRecall.map(\.averagePrecision)
        sampledPrecision = precisionRecall[0].sampledPrecision
        curve = ConfidenceCurve(
            confidences: ranked.map { Double($0.confidence) }, recall: rates[0].recall, precision: rates[0].precision)
    }

    /// Recall and precision after each detection.
    private struct Rates {
        var recall: [Double] = []
        var precision: [Double] = []

        init(_ ranked: [DetectionMetrics.MatchedDetection], atThreshold threshold: Int, labelCount: Int) {
            recall.reserveCapacity(ranked.count)
            precision.reserveCapacity(ranked.count)
            var right = 0
            for (index, detection) in ranked.enumerated() {
                if detection.matches[threshold] { right += 1 }
                recall.append(Double(right) / Double(labelCount))
                precision.append(Double(right) / Double(index + 1))
            }
        }
    }
}
