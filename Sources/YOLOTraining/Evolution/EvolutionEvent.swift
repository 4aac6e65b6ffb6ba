package import Foundation

/// What an evolution tells while it runs.
package enum EvolutionEvent: Sendable, Hashable {
    /// The study has rows already, of `generations` in all.
    case continuing(rows: Int, generations: Int)
    case generationBegan(EvolutionCandidate, generations: Int)
    /// - failure: why there are no results, where these count as the worst possible.
    case generationEnded(EvolutionCandidate, EvolutionResult, failure: String?)
    /// Other workers train all generations that are left; this one waits, for it takes over where one of them dies.
    case waiting(generations: [Int])
    case warning(String)
}

/// The hyperparameters that a generation trains with.
package struct EvolutionCandidate: Sendable, Hashable {
    package let generation: Int
    /// Generations that the values are a mutation of; none where they come from the hyperparameter file.
    package let parents: [Int]
    /// By name, in the order of the space.
    package var values: [(name: String, value: Double)] { Array(zip(names, ordered)) }

    let ordered: [Double]
    private let names: [String]

    init(generation: Int, values: [Double], parents: [Int], _ space: SearchSpace) {
        (self.generation, self.parents) = (generation, parents)
        ordered = values
        names = space.variables.map(\.name)
    }

    func entry(_ outcome: (result: EvolutionResult, failure: String?), seed: UInt64) -> StudyRecord.Entry {
        StudyRecord.Entry(
            generation: generation, seed: seed, parents: parents, failure: outcome.failure,
            row: EvolutionTable.Row(outcome.result, ordered).cells)
    }
}

/// Where an evolution stands when a worker ends.
package struct EvolutionSummary: Sendable {
    /// The best row and its generation; nil while no result is usable.
    package let best: (generation: Int, result: EvolutionResult, values: [String: Double])?
    /// Rows of `evolve.csv`.
    package let rows: Int
    /// How many of them this worker has added.
    package let trained: Int
    /// All generations that were wanted are done.
    package let isComplete: Bool
    /// `evolve.csv`.
    package let table: URL
    /// `hyp_evolve.yaml`, which is there once there is a best row.
    package let hyperparameters: URL

    init(_ contents: StudyFolder.Contents, trained: Int, in study: StudyFolder, generations: Int) {
        let (rows, numbers) = (contents.table.rows, contents.generations)
        best = ParentSelection.ranking(of: rows).first.map {
            (numbers[$0], rows[$0].result, study.space.named(rows[$0].values))
        }
        self.rows = rows.count
        self.trained = trained
        let done = Set(numbers)
        isComplete = (0..<max(generations, 0)).allSatisfy(done.contains)
        table = study.table
        hyperparameters = study.best
    }
}
