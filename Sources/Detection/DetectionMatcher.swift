/// For which of the matcher's IoU thresholds something holds: bit `i` stands for threshold `i`.
package struct ThresholdSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The first `count` thresholds, which are the lowest.
    package init(lowest count: Int) {
        self.init(rawValue: UInt16(truncatingIfNeeded: (UInt32(1) << UInt32(count)) - 1))
    }

    package subscript(index: Int) -> Bool { rawValue >> UInt16(index) & 1 == 1 }
}

/// Decides which detections of an image are right: those of a label's class that overlap it enough.
///
///     let matches = DetectionMatcher()(detections, labels: labels)
///     matches[0][5]                                       // is the first detection right at an IoU of 0.75?
///
/// A detection stands for the one label of its class that it overlaps most. A label counts for the first detection that
/// stands for it, so detections come in falling order of confidence; at each threshold only those that reach it take part.
///
/// Source: YOLOv5 6.2, `process_batch` of `val.py`, with its rule that the most confident detection gets the label, not the
/// one that overlaps best.
package struct DetectionMatcher: Hashable, Sendable {
    /// IoU of 0.50, 0.55, … 0.95, the COCO thresholds.
    package static let thresholds: [Float] = (0..<10).map { index in
        // From the nearer end, so that both ends are exact.
        let step: Float = (0.95 - 0.5) / 9
        return index < 5 ? 0.5 + step * Float(index) : 0.95 - step * Float(9 - index)
    }

    package init() {}

    /// - Parameters:
    ///   - detections: In falling order of confidence, pixels (xyxy).
    ///   - labels: In the same pixels.
    /// - Returns: For each detection, the thresholds at which it is right.
    package func callAsFunction(_ detections: [DetectedObject], labels: [LabeledBox]) -> [ThresholdSet] {
        var taken = [ThresholdSet](repeating: [], count: labels.count)
        return detections.map { detection in
            guard let best = bestLabel(for: detection, among: labels) else { return [] }
            let reached = ThresholdSet(lowest: Self.thresholds.prefix { $0 <= best.iou }.count)
            defer { taken[best.index].formUnion(reached) }
            return reached.subtracting(taken[best.index])
        }
    }

    private func bestLabel(for detection: DetectedObject, among labels: [LabeledBox]) -> (index: Int, iou: Float)? {
        var best: (index: Int, iou: Float)?
        for (index, label) in labels.enumerated() where label.classIndex == detection.classIndex {
            let iou = label.box.iou(with: detection.box)
            if iou > best?.iou ?? 0 { best = (index, iou) }
        }
        return best
    }
}
