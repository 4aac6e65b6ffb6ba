package import Detection

/// How well anchors fit labels.
package struct AnchorFit: Sendable, Hashable {
    /// Share of the labels that at least one anchor is near enough to learn (bpr): the recall that training can reach.
    package var bestPossibleRecall: Double
    /// Anchors that are near enough, a label (aat).
    package var anchorsPerLabel: Double
    /// Mean over the labels of the nearest anchor's ratio, 0 for those without one near enough: what evolution raises.
    package var fitness: Double
}

/// Compares anchors with the labels of a data set.
///
/// Label and anchor are as near as the worse of their two side ratios, each of the smaller side over the larger one: 1 for
/// equal sizes. They are near enough above `1 / anchor_t`, which is when the loss lays the label on the anchor.
///
/// Work is cut into pieces that do not depend on the number of threads and added up in order: nor does the result.
/// - Source: YOLOv5 v6.2, `utils/autoanchor.py`, `metric` and `anchor_fitness`.
package struct AnchorMetric: Sendable {
    private typealias Lanes = SIMD8<Float>

    private let widths: [Lanes]
    private let heights: [Lanes]
    /// Labels that are compared.
    package let count: Int
    private let threshold: Float

    /// - Parameters:
    ///   - sizes: of the labels, in pixels or any unit that the anchors have too.
    ///   - ratioLimit: how many times larger or smaller a side may be (`anchor_t`).
    package init(_ sizes: [BoxSize], ratioLimit: Double) {
        count = sizes.count
        threshold = max(Float(1 / ratioLimit), Self.leastThreshold)
        widths = Self.lanes(sizes.map(\.width))
        heights = Self.lanes(sizes.map(\.height))
    }

    /// Nothing is near to a side of this length, the one of an empty box and of the lanes behind the last label.
    private static let nothing = Float.leastNormalMagnitude

    /// Above the ratio of nothing to any anchor, however large `anchor_t` is.
    private static let leastThreshold: Float = 1e-30

    private static func lanes(_ sides: [Float]) -> [Lanes] {
        stride(from: 0, to: sides.count, by: Lanes.scalarCount).map { start in
            var lanes = Lanes(repeating: nothing)
            for (lane, side) in sides[start..<min(start + Lanes.scalarCount, sides.count)].enumerated() {
                lanes[lane] = max(side, nothing)
            }
            return lanes
        }
    }

    /// Everything that is said of anchors.
    package func fit(of anchors: [BoxSize]) -> AnchorFit {
        var total = Tally()
        for part in parts({ tally(of: anchors, in: $0, countsAll: true) }) { total.add(part) }
        return AnchorFit(
            bestPossibleRecall: mean(Double(total.recalled)), anchorsPerLabel: mean(Double(total.near)),
            fitness: mean(total.ratios))
    }

    /// The fitness alone.
    package func fitness(of anchors: [BoxSize]) -> Double {
        mean(parts { tally(of: anchors, in: $0, countsAll: false).ratios }.reduce(0, +))
    }

    private func mean(_ sum: Double) -> Double { count == 0 ? 0 : sum / Double(count) }

    // MARK: Parts

    private struct Tally: Sendable {
        /// Sum of the nearest anchors' ratios, near enough ones only.
        var ratios = 0.0
        /// Labels with an anchor that is near enough.
        var recalled = 0
        /// Pairs of label and anchor that are near enough.
        var near = 0

        mutating func add(_ other: Tally) {
            ratios += other.ratios
            recalled += other.recalled
            near += other.near
        }
    }

    /// Eight labels each: small enough to be shared out evenly, large enough not to feel it.
    private static let lanesPerPart = 2048

    private func parts<Result: Sendable>(_ body: @Sendable (Range<Int>) -> Result) -> [Result] {
        let ranges = stride(from: 0, to: widths.count, by: Self.lanesPerPart).map {
            $0..<min($0 + Self.lanesPerPart, widths.count)
        }
        return ranges.count > 1 ? concurrentMap(ranges, body) : ranges.map(body)
    }

    /// - Parameter countsAll: count pairs and labels too.
    private func tally(of anchors: [BoxSize], in range: Range<Int>, countsAll: Bool) -> Tally {
        var ratios = SIMD8<Double>.zero
        var recalled = SIMD8<Int32>.zero
        var near = SIMD8<Int32>.zero
        let threshold = Lanes(repeating: threshold)
        anchors.withUnsafeBufferPointer { anchors in
            widths.withUnsafeBufferPointer { widths in
                heights.withUnsafeBufferPointer { heights in
                    for index in range {
                        let (width, height) = (widths[index], heights[index])
                        var best = Lanes.zero
                        for anchor in anchors {
                            let ratio = lesser(
                                Self.ratio(width, Lanes(repeating: anchor.width)), Self.ratio(height, Lanes(repeating: anchor.height)))
                            best = greater(best, ratio)
                            if countsAll { near.replace(with: near &+ 1, where: ratio .> threshold) }
                        }
                        let isRecalled = best .> threshold
                        ratios += SIMD8<Double>(Lanes.zero.replacing(with: best, where: isRecalled))
                        if countsAll { recalled.replace(with: recalled &+ 1, where: isRecalled) }
                    }
                }
            }
        }
        return Tally(ratios: ratios.sum(), recalled: Int(recalled.wrappedSum()), near: Int(near.wrappedSum()))
    }

    /// The smaller side over the larger one.
    @inline(__always)
    private static func ratio(_ a: Lanes, _ b: Lanes) -> Lanes { lesser(a, b) / greater(a, b) }
}

// In one instruction each, which `pointwiseMin` and `pointwiseMax` with their care for NaN are not.
@inline(__always)
private func lesser(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> { b.replacing(with: a, where: a .< b) }

@inline(__always)
private func greater(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> { b.replacing(with: a, where: a .> b) }
