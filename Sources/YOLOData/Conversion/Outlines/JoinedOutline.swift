/// One closed outline made of several, as a label row holds only one: an object that something in front cuts in two has two.
///
/// Each further outline is entered from the nearest corner of what is joined so far, walked around, and left by the same way,
/// so that the bridge between them has no area.
struct JoinedOutline {
    /// More corners, or more parts, than an outline made by hand has; such an object keeps its box.
    static let mostPoints = 20_000
    static let mostParts = 500
    /// Pairs of corners that are compared for one bridge; of larger outlines, every second, third, … corner is.
    private static let mostPairs = 1 << 22

    private(set) var points: [SIMD2<Double>]

    /// - Returns: nil if there is no outline of at least three corners, or too much of them.
    init?(_ outlines: [[SIMD2<Double>]]) {
        let parts = outlines.filter { $0.count >= 3 }
        guard let first = parts.first, parts.count <= Self.mostParts,
            parts.reduce(0, { $0 + $1.count }) <= Self.mostPoints
        else { return nil }
        points = first
        for part in parts.dropFirst() { join(part) }
    }

    private mutating func join(_ part: [SIMD2<Double>]) {
        let (here, there) = Self.nearest(points, part)
        let loop = part[there...] + part[...there]
        points.replaceSubrange(here...here, with: [points[here]] + loop + [points[here]])
    }

    /// The places of the two corners that are nearest to one another.
    private static func nearest(_ first: [SIMD2<Double>], _ second: [SIMD2<Double>]) -> (Int, Int) {
        var step = 1
        while (first.count / step + 1) * (second.count / step + 1) > mostPairs { step += 1 }
        var best = (0, 0)
        var shortest = Double.infinity
        for i in stride(from: 0, to: first.count, by: step) {
            for j in stride(from: 0, to: second.count, by: step) {
                let way = first[i] - second[j]
                let distance = (way * way).sum()
                if distance < shortest { (shortest, best) = (distance, (i, j)) }
            }
        }
        return best
    }
}
