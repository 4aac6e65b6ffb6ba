package import Detection
import Foundation

/// Makes anchors for the labels of a data set: k-means for a start, then evolution.
///
/// Evolution can get stuck, so that there are several lines of it, which differ by chance alone. They and k-means look at a
/// random part of the labels where these are many; the fittest line then evolves on among all of them.
///
///     let search = try AnchorSearch(LabelSizes(of: trainingSet, imageSize: 640), count: 9, ratioLimit: 4, seed: 0)
///     print(search.anchors, search.fit.bestPossibleRecall)
///
/// The same labels and seed give the same anchors, on any number of threads.
/// - Source: YOLOv5 v6.2, `utils/autoanchor.py`, `kmean_anchors`.
package struct AnchorSearch: Sendable, Hashable {
    /// From small to large, in hundredths of a pixel: the figures are those of the anchors as they are printed.
    package let anchors: [BoxSize]
    /// How well they fit the labels that they were made for.
    package let fit: AnchorFit
    /// Labels that they were made for.
    package let labelCount: Int
    /// Different sizes of labels where these are fewer than anchors, so that some anchors have no label of their own.
    package let onlyDistinctSizes: Int?

    /// Generations that evolution lasts unless it is told otherwise.
    package static let generations = 1000
    private static let lineCount = 8
    /// Labels that a search begins with.
    private static let largestSample = 16_384

    /// - Parameters:
    ///   - count: anchors, at least one.
    ///   - ratioLimit: `anchor_t`.
    /// - Throws: where no label is large enough.
    package init(
        _ labels: LabelSizes, count: Int, ratioLimit: Double, generations: Int = Self.generations, seed: UInt64
    ) throws(AnchorError) {
        let usable = labels.usable
        guard !usable.isEmpty else {
            throw .noUsableLabels(
                labels: labels.sizes.count, imageSize: labels.imageSize, firstImages: labels.small.firstImages)
        }
        let sample = Self.sample(usable, seed: seed)
        let sides = sample.map { $0.clipped(toSidesOf: AnchorEvolution.shortestSide) }
        let centers = SizeClusters(sides, count: count, seed: seed).centers
        let start = Self.filled(centers, to: count, seed: seed)

        let sampleMetric = AnchorMetric(sample, ratioLimit: ratioLimit)
        let lines = concurrentMap(Array(0..<Self.lineCount)) { line in
            let evolution = AnchorEvolution(metric: sampleMetric, seed: seed, line: line)
            return evolution.evolved(start, generations: generations)
        }
        var fittest = lines.max { sampleMetric.fitness(of: $0) < sampleMetric.fitness(of: $1) } ?? start
        let metric = AnchorMetric(usable, ratioLimit: ratioLimit)
        if sample.count < usable.count {
            let evolution = AnchorEvolution(metric: metric, seed: seed, line: Self.lineCount)
            fittest = evolution.evolved(fittest, generations: generations)
        }
        anchors = fittest.map(\.inHundredths).sorted { $0.area < $1.area }
        fit = metric.fit(of: anchors)
        labelCount = usable.count
        onlyDistinctSizes = centers.count < count ? centers.count : nil
    }

    private static func sample(_ sizes: [BoxSize], seed: UInt64) -> [BoxSize] {
        guard sizes.count > largestSample else { return sizes }
        var random = SampleRandom(.labelSample, seed: seed)
        return (0..<largestSample).map { _ in sizes[random.index(below: sizes.count)] }
    }

    /// Adds anchors around the given ones, up to half or twice a side away.
    private static func filled(_ anchors: [BoxSize], to count: Int, seed: UInt64) -> [BoxSize] {
        var random = SampleRandom(.filling, seed: seed)
        var filled = anchors
        while filled.count < count {
            let anchor = filled[filled.count % anchors.count]
            let width = Double(anchor.width) * exp2(random.uniform(-1, 1))
            let height = Double(anchor.height) * exp2(random.uniform(-1, 1))
            filled.append(BoxSize(width: Float(width), height: Float(height)))
        }
        return filled
    }
}

extension BoxSize {
    fileprivate var area: Float { width * height }

    fileprivate var inHundredths: BoxSize {
        BoxSize(width: (width * 100).rounded() / 100, height: (height * 100).rounded() / 100)
    }
}
