import YOLOData

/// The random decisions of one generation.
protocol EvolutionDraws {
    /// An index into `weights`, likelier where they are greater; their sum is greater than 0.
    mutating func choice(weights: [Double]) -> Int
    /// A number in `0..<1`.
    mutating func uniform() -> Double
    /// A number of the normal distribution of mean 0 and deviation 1.
    mutating func normal() -> Double
}

/// Draws that depend on the seed and the generation alone: an evolution that was stopped goes on as if it had not been.
struct SeededDraws: EvolutionDraws {
    private var random: SampleRandom

    init(seed: UInt64, generation: Int) {
        random = SampleRandom(seed: seed, epoch: generation, index: 0, stream: .evolution)
    }

    mutating func choice(weights: [Double]) -> Int {
        var rest = random.uniform(0, weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index }
            rest -= weight
        }
        return weights.count - 1
    }

    mutating func uniform() -> Double { random.uniform(0, 1) }

    mutating func normal() -> Double { random.standardNormal() }
}
