package import Detection
import Foundation

/// Whether anchors fit the labels that a training will see, and better ones where they do not.
///
///     let check = try AnchorCheck(anchors, for: labels, count: 9, ratioLimit: 4, seed: 0)
///     print(check.summary)
///     if let better = check.replacement { … }
///
/// - Source: YOLOv5 v6.2, `utils/autoanchor.py`, `check_anchors`.
package struct AnchorCheck: Sendable {
    /// Anchors that reach more of the labels than this share are left as they are.
    package static let sufficientRecall = 0.98

    /// How well the given anchors fit the labels, each image a little larger or smaller as augmentation makes it; nil where
    /// there were none.
    package let fit: AnchorFit?
    /// Anchors that were made because the given ones do not fit.
    package let search: AnchorSearch?
    /// How well those fit the same labels.
    package let searchFit: AnchorFit?
    private let labels: LabelSizes

    /// - Parameters:
    ///   - anchors: in pixels; nil for a model that leaves them to be made from the data.
    ///   - count: anchors of all levels.
    ///   - ratioLimit: `anchor_t`.
    ///   - seed: of the images' sizes and of new anchors.
    /// - Throws: where there are no anchors and none can be made.
    package init(
        _ anchors: [BoxSize]?, for labels: LabelSizes, count: Int, ratioLimit: Double, seed: UInt64
    ) throws(AnchorError) {
        self.labels = labels
        let metric = AnchorMetric(labels.randomlyScaled(seed: seed), ratioLimit: ratioLimit)
        fit = anchors.map(metric.fit(of:))
        if let fit, fit.bestPossibleRecall > Self.sufficientRecall || labels.usable.isEmpty {
            (search, searchFit) = (nil, nil)
            return
        }
        let search = try AnchorSearch(labels, count: count, ratioLimit: ratioLimit, seed: seed)
        self.search = search
        searchFit = metric.fit(of: search.anchors)
    }

    /// The anchors to train with in place of the given ones, from small to large in pixels; nil where those are better.
    package var replacement: [BoxSize]? {
        guard let search, let searchFit else { return nil }
        guard let fit else { return search.anchors }
        return searchFit.bestPossibleRecall > fit.bestPossibleRecall ? search.anchors : nil
    }

    /// What was found and done, in one or two sentences.
    package var summary: String {
        guard let search, let searchFit else {
            guard let fit else { return "" }
            let fits = fit.bestPossibleRecall > Self.sufficientRecall
            return "\(fit): \(fits ? "they fit the data" : "a poor fit, but no label is large enough to make new ones from")"
        }
        let made = "new ones from \(search.labelCount) labels"
        guard let fit else { return "\(made): \(searchFit)" }
        return replacement == nil
            ? "\(fit): a poor fit; \(made) are no better (\(searchFit)), so the model keeps its own"
            : "\(fit): a poor fit; replaced by \(made): \(searchFit)"
    }

    /// What is to be known of the labels that new anchors were made from.
    package var warnings: [String] { search == nil ? [] : labels.warnings + (search?.warnings ?? []) }
}

extension AnchorFit: CustomStringConvertible {
    /// `4.26 per label, best possible recall 0.995`
    package var description: String {
        "\(String(format: "%.2f", anchorsPerLabel)) per label, best possible recall \(String(format: "%.3f", bestPossibleRecall))"
    }
}

extension LabelSizes {
    /// A sentence where labels are too small to be seen.
    package var warnings: [String] {
        guard small.count > 0 else { return [] }
        return [
            "labels with a side under 3 pixels in images of \(imageSize): \(small.count) of \(sizes.count); "
                + "the first are in \(small.firstImages.joined(separator: ", "))"
        ]
    }
}

extension AnchorSearch {
    /// A sentence where there is not a size for each anchor.
    package var warnings: [String] {
        guard let sizes = onlyDistinctSizes, sizes < anchors.count else { return [] }
        return ["the labels have only \(sizes) different \(sizes == 1 ? "size" : "sizes") for \(anchors.count) anchors"]
    }
}
