/// How the values that a generation is a mutation of come from the best ones so far.
///
/// - Source: YOLOv5 v6.2, `train.py`, the parents of `--evolve`.
package enum ParentSelection: String, Sendable, Hashable, CaseIterable {
    /// One of the best, by chance: the fitter, the likelier.
    case single
    /// The mean of the best, each with its fitness as its weight.
    case weighted

    /// How many of the best may be parents.
    static let candidates = 5

    /// - Parameters:
    ///   - rows: results so far. Those with numbers that are not finite are passed over; the best of all the others is always
    ///     among the candidates.
    /// - Returns: the values, and the rows that they come from, best first; nil where no row can be a parent.
    func parent(among rows: [EvolutionTable.Row], _ draws: inout any EvolutionDraws) -> (values: [Double], rows: [Int])? {
        let best = Self.ranking(of: rows).prefix(Self.candidates)
        guard let last = best.last else { return nil }
        let weights = best.map { rows[$0].result.fitness - rows[last].result.fitness + 1e-6 }  // their sum is greater than 0
        if self == .single || best.count == 1 {
            let chosen = best[draws.choice(weights: weights)]
            return (rows[chosen].values, [chosen])
        }
        let total = weights.reduce(0, +)
        let mean = rows[last].values.indices.map { index in
            zip(best, weights).reduce(0) { $0 + rows[$1.0].values[index] * $1.1 } / total
        }
        return (mean, Array(best))
    }

    /// Usable rows, fittest first; of equals the earlier one.
    static func ranking(of rows: [EvolutionTable.Row]) -> [Int] {
        rows.indices.filter { rows[$0].isFinite }.sorted {
            let (left, right) = (rows[$0].result.fitness, rows[$1].result.fitness)
            return left == right ? $0 < $1 : left > right
        }
    }
}
