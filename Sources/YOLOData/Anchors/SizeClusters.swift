import Detection
import Foundation

/// Groups labels by size: k-means on the logarithms of widths and heights.
///
/// A difference of logarithms is a ratio of sides, which is what anchors are judged by. The reference clusters the sides
/// themselves, divided by their deviation: large labels, whose sides differ most, then get most of the anchors, and
/// evolution has to lead them back.
///
/// Lloyd's iteration from several random starts; the one with the least squared distance wins.
/// - Source: Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding" (SODA 2007), for the starts.
struct SizeClusters {
    /// Logarithms of width and height.
    private typealias Point = SIMD2<Double>
    private typealias Grouping = (centers: [Point], distance: Double)

    /// The mean size of each group in pixels, or every size where there are no more of them than groups.
    let centers: [BoxSize]

    private static let startCount = 16
    private static let longestRun = 100

    /// - Parameters:
    ///   - sizes: finite and above 0; at least one.
    ///   - count: groups, at least one.
    ///   - seed: of the starts.
    init(_ sizes: [BoxSize], count: Int, seed: UInt64) {
        let distinct = Set(sizes)
        guard distinct.count > count else {
            centers = distinct.sorted { ($0.width, $0.height) < ($1.width, $1.height) }
            return
        }
        let points = sizes.map { Point(log(Double($0.width)), log(Double($0.height))) }
        let groupings = concurrentMap(Array(0..<Self.startCount)) { start in
            var random = SampleRandom(.clusterStart, index: start, seed: seed)
            return Self.grouping(of: points, from: Self.spread(count, among: points, &random))
        }
        let best = groupings.min { $0.distance < $1.distance }
        centers = (best?.centers ?? []).map { BoxSize(width: Float(exp($0.x)), height: Float(exp($0.y))) }
    }

    /// Points far from one another: each with a probability that grows with the square of its distance to those before.
    private static func spread(_ count: Int, among points: [Point], _ random: inout SampleRandom) -> [Point] {
        var chosen = [points[random.index(below: points.count)]]
        var distances = points.map { squaredDistance($0, chosen[0]) }
        while chosen.count < count {
            var place = random.uniform(0, distances.reduce(0, +))
            // Rounding may lead past the end, to the last point that is not chosen yet.
            var next = distances.lastIndex { $0 > 0 } ?? 0
            for (index, distance) in distances.enumerated() where distance > 0 {
                place -= distance
                if place < 0 {
                    next = index
                    break
                }
            }
            chosen.append(points[next])
            for (index, point) in points.enumerated() {
                distances[index] = min(distances[index], squaredDistance(point, points[next]))
            }
        }
        return chosen
    }

    /// Moves each centre to the middle of the points that it is nearest to, until that brings them no nearer.
    private static func grouping(of points: [Point], from start: [Point]) -> Grouping {
        var best: Grouping = (start, .infinity)
        for _ in 0..<longestRun {
            var sums = [Point](repeating: .zero, count: start.count)
            var counts = [Double](repeating: 0, count: start.count)
            var total = 0.0
            for point in points {
                var (nearest, least) = (0, Double.infinity)
                for (index, center) in best.centers.enumerated() {
                    let distance = squaredDistance(point, center)
                    if distance < least { (nearest, least) = (index, distance) }
                }
                sums[nearest] += point
                counts[nearest] += 1
                total += least
            }
            guard total < best.distance else { break }
            best.distance = total
            // A centre without points stays where it is.
            for index in start.indices where counts[index] > 0 { best.centers[index] = sums[index] / counts[index] }
        }
        return best
    }

    private static func squaredDistance(_ a: Point, _ b: Point) -> Double {
        let difference = a - b
        return difference.x * difference.x + difference.y * difference.y
    }
}
