import Dispatch

/// Whether a detection is right, for each range of areas; bit `i` stands for IoU threshold `i`.
struct COCOVerdict: Hashable, Sendable {
    /// It has found something.
    var matched: SIMD4<UInt16> = .zero
    /// It counts neither as right nor as wrong.
    var ignored: SIMD4<UInt16> = .zero

    static let allThresholds = UInt16(1 << COCOParameters.iouThresholds.count - 1)
}

/// Decides which detections are right.
///
/// A detection takes the free annotation of its image and category that it overlaps most, detections with high scores first. One that
/// does not count (a crowd, or one whose area is out of the range) is taken only where no other can be, and then the detection does not
/// count either; nor does an unmatched one whose own area is out of the range.
///
/// Source: pycocotools 2.0, `evaluateImg`.
struct COCOMatcher {
    private let objects: COCOObjectTable
    private let ranking: COCORanking
    private let pieceLength = 128

    init(_ objects: COCOObjectTable, _ ranking: COCORanking) {
        self.objects = objects
        self.ranking = ranking
    }

    /// In the order of the ranking's detections; an empty one for those beyond the hundred best of an image and category.
    func verdicts() -> [COCOVerdict] {
        let groups = ranking.groups
        return DispatchQueue.concurrentMap(count: (groups.count + pieceLength - 1) / pieceLength) { piece in
            var matching = GroupMatching(objects, ranking)
            for group in groups[piece * pieceLength..<min((piece + 1) * pieceLength, groups.count)] { matching.add(group) }
            return matching.verdicts
        }.flatMap { $0 }
    }
}

/// Matches one group after another.
private struct GroupMatching {
    private(set) var verdicts: [COCOVerdict] = []
    private let objects: COCOObjectTable
    private let ranking: COCORanking

    /// An annotation that a detection overlaps enough for the lowest threshold.
    private struct Candidate {
        let annotation: Int
        let iou: Double
    }

    // Of the group at hand; kept because most groups are small.
    private var candidates: [Candidate] = []
    /// Where those of each detection end.
    private var candidateEnds: [Int] = []
    private var isCrowd: [Bool] = []
    private var isIgnored: [Bool] = []
    /// For each annotation the thresholds at which it has been found.
    private var taken: [UInt16] = []

    init(_ objects: COCOObjectTable, _ ranking: COCORanking) {
        self.objects = objects
        self.ranking = ranking
    }

    mutating func add(_ group: COCORanking.Group) {
        let first = verdicts.count
        let detections = ranking.detections[group.detections.prefix(COCOParameters.mostDetections)]
        verdicts.append(contentsOf: repeatElement(COCOVerdict(), count: group.detections.count))
        let annotations = ranking.annotations[group.annotations]
        findCandidates(detections, annotations)

        for range in COCOAreaRange.allCases {
            let area = range.rawValue
            let areas = range.areas
            if !candidates.isEmpty {
                isIgnored.removeAll(keepingCapacity: true)
                for index in annotations { isIgnored.append(objects.isCrowd[Int(index)] || !areas.contains(objects.areas[Int(index)])) }
                taken.removeAll(keepingCapacity: true)
                taken.append(contentsOf: repeatElement(0, count: annotations.count))
            }
            var start = 0
            for (offset, index) in detections.enumerated() {
                var (matched, ignored): (UInt16, UInt16) = (0, 0)
                let end = candidateEnds[offset]
                if start < end {
                    for threshold in COCOParameters.iouThresholds.indices {
                        guard let best = bestCandidate(in: start..<end, threshold) else { continue }
                        let bit = UInt16(1) << UInt16(threshold)
                        matched |= bit
                        taken[best] |= bit
                        if isIgnored[best] { ignored |= bit }
                    }
                }
                if !areas.contains(objects.detections.boxes[Int(index)].area) { ignored |= ~matched & COCOVerdict.allThresholds }
                verdicts[first + offset].matched[area] = matched
                verdicts[first + offset].ignored[area] = ignored
                start = end
            }
        }
    }

    private mutating func findCandidates(_ detections: ArraySlice<Int32>, _ annotations: ArraySlice<Int32>) {
        isCrowd.removeAll(keepingCapacity: true)
        for index in annotations { isCrowd.append(objects.isCrowd[Int(index)]) }
        candidates.removeAll(keepingCapacity: true)
        candidateEnds.removeAll(keepingCapacity: true)
        let lowest = COCOParameters.iouThresholds[0]
        for detection in detections {
            let box = objects.detections.boxes[Int(detection)]
            for (offset, annotation) in annotations.enumerated() {
                let iou = box.iou(with: objects.annotations.boxes[Int(annotation)], otherIsCrowd: isCrowd[offset])
                if iou >= lowest { candidates.append(Candidate(annotation: offset, iou: iou)) }
            }
            candidateEnds.append(candidates.count)
        }
    }

    /// The annotation that a detection takes at a threshold: of those that count the best, or else the best of the others. Of equals
    /// the last. A crowd can be taken many times.
    private func bestCandidate(in range: Range<Int>, _ threshold: Int) -> Int? {
        let bit = UInt16(1) << UInt16(threshold)
        for takesIgnored in [false, true] {
            var iou = COCOParameters.iouThresholds[threshold]
            var best: Int?
            for candidate in candidates[range] where isIgnored[candidate.annotation] == takesIgnored && candidate.iou >= iou {
                if taken[candidate.annotation] & bit != 0, !isCrowd[candidate.annotation] { continue }
                iou = candidate.iou
                best = candidate.annotation
            }
            if let best { return best }
        }
        return nil
    }
}
