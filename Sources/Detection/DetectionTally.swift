/// Gathers the detections and labels of a validation, image by image, and gives its metrics.
///
///     var tally = DetectionTally(classCount: 80)
///     tally.add(detections, labels: labels)               // once an image
///     let metrics = tally.metrics()
package struct DetectionTally: Sendable {
    /// Images so far.
    package private(set) var imageCount = 0
    /// Labels so far, by class index.
    package private(set) var labelCounts: [Int]
    private var detections: [DetectionMetrics.MatchedDetection] = []
    private let matcher = DetectionMatcher()

    package init(classCount: Int) {
        labelCounts = [Int](repeating: 0, count: classCount)
    }

    /// - Parameters:
    ///   - detections: Of one image, in falling order of confidence, pixels (xyxy).
    ///   - labels: In the same pixels, with classes below `classCount`.
    package mutating func add(_ detections: [DetectedObject], labels: [LabeledBox]) {
        imageCount += 1
        for label in labels { labelCounts[label.classIndex] += 1 }
        for (detection, matches) in zip(detections, matcher(detections, labels: labels)) {
            self.detections.append(.init(
                confidence: detection.confidence, classIndex: detection.classIndex, matches: matches))
        }
    }

    /// Precision, recall and average precision over all images so far.
    package func metrics() -> DetectionMetrics {
        DetectionMetrics(detections: detections, labelCounts: labelCounts)
    }
}
