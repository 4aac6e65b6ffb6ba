/// How often an object of one class was detected as each other class, as background (missed), or background as an object.
///
/// Source: YOLOv5 6.2, `ConfusionMatrix`. As there, an image in which nothing matches adds no false positives.
public struct ConfusionMatrix: Hashable, Sendable {
    /// Detections must be above this confidence, and above this IoU to match an object.
    public let confidenceThreshold, iouThreshold: Float
    /// Also the index of the background.
    public let classCount: Int
    private var counts: [Int]
    /// A matrix of so many classes takes 32 MB; nobody reads a larger one.
    package static let mostClasses = 2000

    package init(classCount: Int, confidenceThreshold: Float = 0.25, iouThreshold: Float = 0.45) {
        self.classCount = classCount
        self.confidenceThreshold = confidenceThreshold
        self.iouThreshold = iouThreshold
        counts = [Int](repeating: 0, count: (classCount + 1) * (classCount + 1))
    }

    /// The number of objects of class `actual` that were detected as `predicted`; `classCount` stands for the background.
    public package(set) subscript(predicted predicted: Int, actual actual: Int) -> Int {
        get { counts[predicted * (classCount + 1) + actual] }
        set { counts[predicted * (classCount + 1) + actual] = newValue }
    }

    /// By class, the objects that were detected as what they are.
    public var truePositives: [Int] {
        (0..<classCount).map { self[predicted: $0, actual: $0] }
    }

    /// By class, the detections that were something else.
    public var falsePositives: [Int] {
        (0..<classCount).map { predicted in
            (0...classCount).reduce(0) { $1 == predicted ? $0 : $0 + self[predicted: predicted, actual: $1] }
        }
    }

    /// Adds one image.
    ///
    /// Each detection stands for the label that it overlaps most, whatever its class; each label takes the detection that
    /// overlaps it most among those that stand for it.
    ///
    /// - Parameters: Detections and labels in the same pixels (xyxy), with classes below `classCount`.
    package mutating func add(_ detections: [DetectedObject], labels: [LabeledBox]) {
        let detections = detections.filter { $0.confidence > confidenceThreshold }
        let matches = bestMatches(of: detections, to: labels)

        for (label, match) in zip(labels, matches) {
            self[predicted: match.map { detections[$0].classIndex } ?? classCount, actual: label.classIndex] += 1
        }
        let matched = Set(matches.compactMap { $0 })
        guard !matched.isEmpty else { return }
        for (index, detection) in detections.enumerated() where !matched.contains(index) {
            self[predicted: detection.classIndex, actual: classCount] += 1
        }
    }

    /// For each label the index of its detection.
    private func bestMatches(of detections: [DetectedObject], to labels: [LabeledBox]) -> [Int?] {
        var best = [(detection: Int, iou: Float)?](repeating: nil, count: labels.count)
        for (index, detection) in detections.enumerated() {
            let overlaps = labels.map { $0.box.iou(with: detection.box) }
            guard let label = overlaps.indices.max(by: { overlaps[$0] < overlaps[$1] }), overlaps[label] > iouThreshold
            else { continue }
            if overlaps[label] > best[label]?.iou ?? 0 { best[label] = (index, overlaps[label]) }
        }
        return best.map { $0?.detection }
    }
}
