import Dispatch

/// Counts the verdicts of a category: precision over recall, and the recall reached.
///
/// Source: pycocotools 2.0, `accumulate`.
struct COCOAccumulator: Sendable {
    /// Of one category, one range of areas and one limit of detections an image.
    struct Curve: Hashable, Sendable {
        /// For each IoU threshold and, within it, each of the recall thresholds: the best precision from there on, and the score at
        /// which that recall is reached; 0 where it is not.
        var precision, scores: [Double]
        /// For each IoU threshold.
        var recall: [Double]
    }

    /// Of one category and one range of areas, means over the IoU thresholds.
    struct Cell: Hashable, Sendable {
        /// With the highest limit, for each IoU threshold.
        var averagePrecisions: [Double]
        /// For each limit of detections.
        var averageRecalls: [Double]
    }

    private let objects: COCOObjectTable
    private let ranking: COCORanking
    private let verdicts: [COCOVerdict]

    init(_ objects: COCOObjectTable, _ ranking: COCORanking, verdicts: [COCOVerdict]) {
        self.objects = objects
        self.ranking = ranking
        self.verdicts = verdicts
    }

    /// By category and range of areas; nil where the ground truth has nothing.
    func cells() -> [Cell?] {
        DispatchQueue.concurrentMap(count: objects.categories.count * COCOAreaRange.allCases.count) { index in
            let (category, area) = index.quotientAndRemainder(dividingBy: COCOAreaRange.allCases.count)
            return cell(category, area)
        }
    }

    private func cell(_ category: Int, _ area: Int) -> Cell? {
        let curves = COCOParameters.maxDetections.compactMap { curve(category: category, area: area, maxDetections: $0) }
        guard let last = curves.last else { return nil }
        let count = COCOParameters.recallThresholds.count
        return Cell(
            averagePrecisions: last.recall.indices.map { mean(last.precision[$0 * count..<($0 + 1) * count]) },
            averageRecalls: curves.map { mean($0.recall) })
    }

    /// Nil where the ground truth has nothing.
    ///
    /// - Parameters:
    ///   - category: Its place among the categories.
    ///   - area: The raw value of a `COCOAreaRange`.
    func curve(category: Int, area: Int, maxDetections: Int) -> Curve? {
        let annotationCount = ranking.annotations[ranking.annotationsOfCategory[category]].count {
            !objects.isCrowd[Int($0)] && COCOAreaRange.allCases[area].areas.contains(objects.areas[Int($0)])
        }
        guard annotationCount > 0 else { return nil }
        let hits = hits(category, area, maxDetections)
        let best = ranking.ranked[category].first { $0.rank < maxDetections }
        let highestScore = best.map { objects.scores[Int(ranking.detections[Int($0.place)])] } ?? 0
        var curve = Curve(precision: [], scores: [], recall: [])
        for hits in hits {
            curve.append(hits, annotationCount: annotationCount, highestScore: highestScore)
        }
        return curve
    }

    /// A right detection, when all with higher scores are counted.
    fileprivate struct Hit {
        let score: Double
        /// Wrong detections before it.
        let misses: Int
    }

    /// For each IoU threshold the right detections, by falling score.
    private func hits(_ category: Int, _ area: Int, _ maxDetections: Int) -> [[Hit]] {
        var hits = [[Hit]](repeating: [], count: COCOParameters.iouThresholds.count)
        // Most detections are wrong at all thresholds.
        var missesAtAll = 0
        var misses = [Int](repeating: 0, count: hits.count)
        for detection in ranking.ranked[category] where detection.rank < maxDetections {
            let verdict = verdicts[Int(detection.place)]
            let counted = ~verdict.ignored[area] & COCOVerdict.allThresholds
            let right = verdict.matched[area] & counted
            if right == 0, counted == COCOVerdict.allThresholds {
                missesAtAll += 1
                continue
            }
            if counted == 0 { continue }
            let score = objects.scores[Int(ranking.detections[Int(detection.place)])]
            for threshold in hits.indices where counted >> UInt16(threshold) & 1 == 1 {
                if right >> UInt16(threshold) & 1 == 1 {
                    hits[threshold].append(Hit(score: score, misses: missesAtAll + misses[threshold]))
                } else {
                    misses[threshold] += 1
                }
            }
        }
        return hits
    }
}

extension COCOAccumulator.Curve {
    /// Adds an IoU threshold.
    ///
    /// - Parameter highestScore: Of all detections, right or not: recall 0 is reached with the first.
    fileprivate mutating func append(_ hits: [COCOAccumulator.Hit], annotationCount: Int, highestScore: Double) {
        var precisions = hits.enumerated().map { index, hit in
            // The last term, which keeps 0 / 0 away, is the reference's.
            Double(index + 1) / (Double(hit.misses) + Double(index + 1) + Double.ulpOfOne)
        }
        // Precision falls with each wrong detection, so that the best one from a recall on is that of a right one.
        for index in precisions.indices.dropLast().reversed() where precisions[index + 1] > precisions[index] {
            precisions[index] = precisions[index + 1]
        }
        var next = 0
        for recall in COCOParameters.recallThresholds {
            while next < hits.count, Double(next + 1) / Double(annotationCount) < recall { next += 1 }
            precision.append(next < hits.count ? precisions[next] : 0)
            scores.append(recall == 0 ? highestScore : next < hits.count ? hits[next].score : 0)
        }
        self.recall.append(Double(hits.count) / Double(annotationCount))
    }
}

func mean(_ values: some Collection<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
}
