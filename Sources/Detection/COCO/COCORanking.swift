import Dispatch

/// In which order objects are looked at: within their image and category to be matched, within their category to be counted.
struct COCORanking: Sendable {
    /// What one image has of one category: one detection or more, and any number of annotations.
    struct Group: Sendable {
        /// Places in `detections` and in `annotations`.
        let detections, annotations: Range<Int>
    }

    struct RankedDetection: Sendable {
        /// In `detections`.
        let place: Int32
        /// How many of its image and category come before it.
        let rank: Int32
    }

    /// In the order of the detections.
    let groups: [Group]
    /// Indices of detections by category, image and falling score; of equals the earlier first.
    let detections: [Int32]
    /// Indices of annotations by category and image.
    let annotations: [Int32]
    /// For each category, its places in `annotations`.
    let annotationsOfCategory: [Range<Int>]
    /// For each category its detections by falling score; of equals those of earlier images first.
    let ranked: [[RankedDetection]]

    init(_ objects: COCOObjectTable) {
        let categoryCount = objects.categories.count
        let detections = GroupedOrder(objects.detections, categoryCount: categoryCount, imageCount: objects.imageCount)
        let annotations = GroupedOrder(objects.annotations, categoryCount: categoryCount, imageCount: objects.imageCount)
        var starts = [Int32](repeating: 0, count: detections.indices.count)
        for run in detections.runs {
            for place in run.places { starts[place] = Int32(run.places.lowerBound) }
        }
        let ranked = DispatchQueue.concurrentMap(count: categoryCount) { [starts] category in
            Self.ranked(detections.ranges[category], of: detections.indices, starts, objects.scores)
        }
        var byScore = detections.indices
        for detection in ranked.joined() { byScore[Int(detection.ranked.place)] = detection.index }

        groups = Self.groups(detections.runs, annotations.runs)
        self.detections = byScore
        self.annotations = annotations.indices
        annotationsOfCategory = annotations.ranges
        self.ranked = ranked.map { $0.map(\.ranked) }
    }

    /// The detections of one category by falling score, with their indices.
    ///
    /// - Parameters:
    ///   - starts: For each place the first one of the same image and category.
    private static func ranked(
        _ places: Range<Int>, of indices: [Int32], _ starts: [Int32], _ scores: [Double]
    ) -> [(ranked: RankedDetection, index: Int32)] {
        let sorted = places.map { (key: sortingKey(scores[Int(indices[$0])]), place: $0) }.sorted { $0 < $1 }
        var ranks = [Int32](repeating: 0, count: places.count)
        return sorted.map { _, place in
            let start = starts[place]
            defer { ranks[Int(start) - places.lowerBound] += 1 }
            let rank = ranks[Int(start) - places.lowerBound]
            return (RankedDetection(place: start + rank, rank: rank), indices[place])
        }
    }

    /// Rises as the score falls; what is not a number comes last.
    private static func sortingKey(_ score: Double) -> UInt64 {
        if score.isNaN { return .max }
        let bits = (0 - score).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    /// The runs of detections, with the annotations that each can find.
    private static func groups(_ detections: [GroupedOrder.Run], _ annotations: [GroupedOrder.Run]) -> [Group] {
        var next = 0
        return detections.map { run in
            while next < annotations.count, annotations[next].key < run.key { next += 1 }
            let hasAnnotations = next < annotations.count && annotations[next].key == run.key
            return Group(detections: run.places, annotations: hasAnnotations ? annotations[next].places : 0..<0)
        }
    }
}

/// Objects by category, within it by image, within that in the order in which they came.
private struct GroupedOrder: Sendable {
    struct Run: Sendable {
        /// Rises with category and image.
        let key: Int
        let places: Range<Int>
    }

    /// Of the objects, in this order.
    let indices: [Int32]
    /// For each category, its places in `indices`.
    let ranges: [Range<Int>]
    /// Places in `indices` of one category and image.
    let runs: [Run]

    init(_ column: COCOObjectTable.Column, categoryCount: Int, imageCount: Int) {
        let byImage = Self.sorted(column.boxes.indices.map(Int32.init), by: column.images, below: imageCount)
        let (indices, ends) = Self.sorted(byImage.indices, by: column.categories, below: categoryCount)
        var runs: [Run] = []
        var start = 0
        for place in indices.indices {
            let index = Int(indices[place])
            let isLast = place + 1 == indices.count || {
                let next = Int(indices[place + 1])
                return column.images[next] != column.images[index] || column.categories[next] != column.categories[index]
            }()
            guard isLast else { continue }
            runs.append(Run(key: Int(column.categories[index]) * imageCount + Int(column.images[index]), places: start..<place + 1))
            start = place + 1
        }
        self.indices = indices
        self.runs = runs
        ranges = ends.indices.map { ($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0] }
    }

    /// Sorts by counting, which keeps equals in their order.
    /// - Parameter keys: By index, from 0 to `count - 1`.
    /// - Returns: And for each key where it ends.
    private static func sorted(_ indices: [Int32], by keys: [Int32], below count: Int) -> (indices: [Int32], ends: [Int]) {
        var next = [Int](repeating: 0, count: count + 1)
        for key in keys { next[Int(key) + 1] += 1 }
        for key in 0..<count { next[key + 1] += next[key] }
        var sorted = [Int32](repeating: 0, count: indices.count)
        for index in indices {
            let key = Int(keys[Int(index)])
            sorted[next[key]] = index
            next[key] += 1
        }
        return (sorted, Array(next.prefix(count)))
    }
}
