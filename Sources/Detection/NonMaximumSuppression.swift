/// Keeps the most confident of overlapping predictions: the last step of detection.
///
///     let suppress = NonMaximumSuppression(confidenceThreshold: 0.25, iouThreshold: 0.45)
///     let objects = predictions.withUnsafeBufferPointer { suppress($0, classCount: 80) }
///
/// Predictions are taken in falling order of confidence; one is kept unless its IoU with a kept one of the same class is above
/// the threshold. Nothing depends on time: every image of a batch gets its answer, however slow the machine.
///
/// Source: YOLOv5 6.2, `non_max_suppression`.
public struct NonMaximumSuppression: Hashable, Sendable {
    /// Objectness, and objectness times class score, must be above this; 0...1. Validation takes 0.001, detection 0.25.
    public var confidenceThreshold: Float
    /// The largest IoU that two kept boxes may have; 0...1.
    public var iouThreshold: Float
    /// The classes of interest; nil for all.
    public var classes: Set<Int>?
    /// Whether boxes suppress those of other classes too.
    public var isClassAgnostic: Bool
    /// Whether a row may give a box for every class above the threshold, rather than for its best class only.
    public var isMultiLabel: Bool
    /// The number of objects after which to stop.
    public var maximumDetections: Int

    /// So many of the most confident candidates are looked at; further ones are dropped.
    private static let maximumCandidates = 30_000

    /// The reference keeps classes apart by moving each so many pixels further from the origin. Here boxes are compared within
    /// their class anyway, but moved as well: it rounds their corners, and that decides pairs whose IoU is near the threshold.
    private static let classOffset: Float = 7680

    public init(
        confidenceThreshold: Float = 0.25, iouThreshold: Float = 0.45, classes: Set<Int>? = nil,
        isClassAgnostic: Bool = false, isMultiLabel: Bool = false, maximumDetections: Int = 300
    ) {
        self.confidenceThreshold = confidenceThreshold
        self.iouThreshold = iouThreshold
        self.classes = classes
        self.isClassAgnostic = isClassAgnostic
        self.isMultiLabel = isMultiLabel
        self.maximumDetections = maximumDetections
    }

    /// The objects of one image, the most confident first; equal confidences in the order of their rows.
    ///
    /// - Parameters:
    ///   - predictions: `[rows, 5 + classCount]`, row-major: centre x, centre y, width, height in pixels, objectness, class
    ///     scores. Rows that are not finite give no object.
    ///   - classCount: At least 1.
    ///   - priorLabels: Objects known beforehand, in the same pixels, with classes below `classCount`; they count as predictions
    ///     of confidence 1.
    /// - Returns: At most `maximumDetections` objects, in the pixels of the predictions.
    public func callAsFunction(
        _ predictions: UnsafeBufferPointer<Float>, classCount: Int, priorLabels: [LabeledBox] = []
    ) -> [DetectedObject] {
        precondition(
            classCount > 0 && predictions.count.isMultiple(of: 5 + classCount),
            "\(predictions.count) numbers are no rows of 5 + \(classCount)")
        let rows = PredictionRows(values: predictions, classCount: classCount)

        var candidates: [Candidate] = []
        if isMultiLabel {
            appendEveryClass(of: rows, to: &candidates)
        } else {
            appendBestClass(of: rows, to: &candidates)
        }
        for (index, label) in priorLabels.enumerated() where isWanted(label.classIndex) && 1 > confidenceThreshold {
            candidates.append(Candidate(confidence: 1, position: rows.count * classCount + index))
        }
        candidates.sort()
        return greedilyKept(candidates.prefix(Self.maximumCandidates), of: rows, priorLabels)
    }

    private func appendEveryClass(of rows: PredictionRows, to candidates: inout [Candidate]) {
        for row in 0..<rows.count {
            let objectness = rows.objectness(row)
            guard objectness > confidenceThreshold else { continue }
            for classIndex in 0..<rows.classCount {
                let confidence = objectness * rows.classScore(row, classIndex)
                if confidence > confidenceThreshold && isWanted(classIndex) {
                    candidates.append(Candidate(confidence: confidence, position: row * rows.classCount + classIndex))
                }
            }
        }
    }

    private func appendBestClass(of rows: PredictionRows, to candidates: inout [Candidate]) {
        for row in 0..<rows.count {
            let objectness = rows.objectness(row)
            guard objectness > confidenceThreshold else { continue }
            var best: (confidence: Float, classIndex: Int) = (0, 0)
            for classIndex in 0..<rows.classCount {
                let confidence = objectness * rows.classScore(row, classIndex)
                if confidence > best.confidence { best = (confidence, classIndex) }
            }
            if best.confidence > confidenceThreshold && isWanted(best.classIndex) {
                candidates.append(Candidate(confidence: best.confidence, position: row * rows.classCount + best.classIndex))
            }
        }
    }

    private func isWanted(_ classIndex: Int) -> Bool {
        classes?.contains(classIndex) ?? true
    }

    private func greedilyKept(
        _ ranked: ArraySlice<Candidate>, of rows: PredictionRows, _ priorLabels: [LabeledBox]
    ) -> [DetectedObject] {
        var kept: [DetectedObject] = []
        // Boxes kept so far, moved, by the class whose predictions they suppress.
        var rivals = [[Box]](repeating: [], count: isClassAgnostic ? 1 : rows.classCount)
        for candidate in ranked {
            guard kept.count < maximumDetections else { break }
            let (row, column) = candidate.position.quotientAndRemainder(dividingBy: rows.classCount)
            let label = row < rows.count
                ? LabeledBox(classIndex: column, box: rows.box(row))
                : priorLabels[candidate.position - rows.count * rows.classCount]
            let group = isClassAgnostic ? 0 : label.classIndex
            let moved = label.box.moved(by: Float(group) * Self.classOffset)
            guard moved.isFinite, !overlapsAny(of: rivals[group], moved) else { continue }
            rivals[group].append(moved)
            kept.append(DetectedObject(box: label.box, confidence: candidate.confidence, classIndex: label.classIndex))
        }
        return kept
    }

    private func overlapsAny(of rivals: [Box], _ box: Box) -> Bool {
        for rival in rivals {
            let intersection = rival.intersectionArea(with: box)
            // Most pairs do not touch; without area in common there is nothing to divide.
            if intersection > 0, intersection / (rival.area + box.area - intersection) > iouThreshold { return true }
        }
        return false
    }
}

extension Box {
    fileprivate func moved(by offset: Float) -> Box {
        Box(x1: x1 + offset, y1: y1 + offset, x2: x2 + offset, y2: y2 + offset)
    }
}

/// One class of one row, packed so that plain integer order is falling confidence, then rising position.
private struct Candidate: Comparable {
    private let key: UInt64

    /// `confidence` is positive, where the bits of a float rise with its value.
    init(confidence: Float, position: Int) {
        key = UInt64(~confidence.bitPattern) << 32 | UInt64(UInt32(position))
    }

    var confidence: Float { Float(bitPattern: ~UInt32(key >> 32)) }
    var position: Int { Int(UInt32(truncatingIfNeeded: key)) }

    static func < (left: Candidate, right: Candidate) -> Bool { left.key < right.key }
}

/// The network's output for an image as rows of `[x, y, width, height, objectness, class scores]`.
private struct PredictionRows {
    let values: UnsafeBufferPointer<Float>
    let classCount: Int
    let count: Int

    init(values: UnsafeBufferPointer<Float>, classCount: Int) {
        self.values = values
        self.classCount = classCount
        count = values.count / (5 + classCount)
    }

    func objectness(_ row: Int) -> Float { values[row * (5 + classCount) + 4] }

    func classScore(_ row: Int, _ classIndex: Int) -> Float { values[row * (5 + classCount) + 5 + classIndex] }

    func box(_ row: Int) -> Box {
        let start = row * (5 + classCount)
        return Box(
            centerX: values[start], centerY: values[start + 1], width: values[start + 2], height: values[start + 3])
    }
}
