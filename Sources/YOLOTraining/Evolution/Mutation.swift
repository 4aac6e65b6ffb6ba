import Foundation

/// Random changes of hyperparameters.
///
/// - Source: YOLOv5 v6.2, `train.py`, the mutation of `--evolve`.
enum Mutation {
    /// How likely each variable is to change.
    static let probability = 0.8
    /// Scale of the normal distribution that factors come from.
    static let deviation = 0.2
    /// The smallest and the largest factor.
    static let factors = 0.3...3.0
    /// More than chance ever needs: with the gains and limits of ``SearchSpace`` hardly one draw in a million changes nothing.
    private static let maximumDraws = 1000

    /// A change of `parent` within the limits, drawn again until it differs.
    ///
    /// The reference looks at the factors alone. Limits and rounding can undo them, and a value of 0 has no others, so here
    /// the child must be another row of the table.
    static func child(of parent: [Double], in space: SearchSpace, _ draws: inout any EvolutionDraws) -> [Double] {
        let unchanged = space.constrained(parent).map(EvolutionTable.text)
        var child = space.constrained(parent)
        for _ in 0..<maximumDraws {
            let factors = factors(of: space, &draws)
            child = space.constrained(zip(parent, factors).map { $0 * $1 })
            if child.map(EvolutionTable.text) != unchanged { break }
        }
        return child
    }

    /// A factor for each variable.
    private static func factors(of space: SearchSpace, _ draws: inout any EvolutionDraws) -> [Double] {
        let changes = space.variables.map { _ in draws.uniform() < probability }
        let steps = space.variables.map { _ in draws.normal() }
        let strength = draws.uniform()  // one for all
        return space.variables.indices.map { index in
            guard changes[index] else { return 1 }
            let factor = space.variables[index].gain * steps[index] * strength * deviation + 1
            return min(max(factor, factors.lowerBound), factors.upperBound)
        }
    }
}
