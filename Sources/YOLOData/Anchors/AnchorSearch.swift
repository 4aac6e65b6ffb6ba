package import Detection
import Foundation

/// Makes anchors for the labels of a data set: k-means for a start, then evolution.
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
    /// The fitness that evolution began with.
    package let startFitness: Double
    /// Labels that they were made for.
    package let labelCount: Int
    /// Different sizes of labels where these are fewer than anchors, so that some anchors have no label of their own.
    package let onlyDistinctSizes: Int?

    /// Generations that evolution lasts unless it is told otherwise.
    package static let generations = 1000

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
        let metric = AnchorMetric(usable, ratioLimit: ratioLimit)
        let sizes = usable.map { $0.clipped(toSidesOf: AnchorEvolution.shortestSide) }
        let centers = SizeClusters(sizes, count: count, seed: seed).centers
        let start = Self.filled(centers, to: count, seed: seed)
        let evolved = AnchorEvolution(metric: metric, seed: seed).evolved(start, generations: generations)
        anchors = evolved.map(\.inHundredths).sorted { $0.area < $1.area }
        fit = metric.fit(of: anchors)
        startFitness = metric.fitness(of: start)
        labelCount = usable.count
        onlyDistinctSizes = centers.count < count ? centers.count : nil
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
