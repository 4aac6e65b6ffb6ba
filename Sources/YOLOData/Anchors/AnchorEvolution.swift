import Detection

/// Betters anchors by chance: random changes of them are kept whenever they raise the fitness.
///
/// - Source: YOLOv5 v6.2, `utils/autoanchor.py`, the loop of `kmean_anchors`.
struct AnchorEvolution {
    let metric: AnchorMetric
    let seed: UInt64
    /// Evolutions of different lines change the same anchors differently.
    let line: Int

    /// Lines there may be.
    private static let lineLimit = 64

    /// Share of the sides that a change touches.
    private static let mutationProbability = 0.9
    /// Deviation of a side's factor from 1 in the strongest changes.
    private static let deviation = 0.1
    private static let factors = 0.3...3.0
    /// Pixels of an anchor's side at least.
    static let shortestSide: Float = 2

    /// - Returns: as many anchors with sides of at least two pixels, no less fit than these.
    func evolved(_ anchors: [BoxSize], generations: Int) -> [BoxSize] {
        guard !anchors.isEmpty else { return [] }
        var best = anchors.map { $0.clipped(toSidesOf: Self.shortestSide) }
        var fitness = metric.fitness(of: best)
        for generation in 0..<generations {
            var random = SampleRandom(.evolution, index: generation * Self.lineLimit + line, seed: seed)
            let child = Self.changed(best, &random)
            let childFitness = metric.fitness(of: child)
            if childFitness > fitness { (best, fitness) = (child, childFitness) }
        }
        return best
    }

    private static func changed(_ anchors: [BoxSize], _ random: inout SampleRandom) -> [BoxSize] {
        // One strength for all: strong changes find new ground, weak ones its top.
        let strength = random.uniform(0, 1)
        return anchors.map { anchor in
            let width = anchor.width * factor(strength, &random)
            let height = anchor.height * factor(strength, &random)
            return BoxSize(width: width, height: height).clipped(toSidesOf: shortestSide)
        }
    }

    private static func factor(_ strength: Double, _ random: inout SampleRandom) -> Float {
        guard random.chance(mutationProbability) else { return 1 }
        return Float((1 + strength * deviation * random.standardNormal()).clamped(to: factors))
    }
}

extension BoxSize {
    /// Both sides of at least so many pixels.
    func clipped(toSidesOf least: Float) -> BoxSize { BoxSize(width: max(width, least), height: max(height, least)) }
}
