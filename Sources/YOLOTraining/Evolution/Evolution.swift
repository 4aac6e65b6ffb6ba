package import Foundation

/// A search for better hyperparameters: each generation trains with a random change of the best ones so far (`--evolve`).
///
/// The first generation trains with the given values. Every later one takes a parent among the five best rows of `evolve.csv`,
/// changes it, and adds its own row. The files in ``folder`` say how far an evolution has come, so one that was stopped goes on,
/// and so does one of Python's trainer.
///
/// Several processes can work on one folder: each trains the lowest generation that no other has done or is at work on. One that
/// ends, however it ends, gives up its generation to the next. What is random in a generation depends on the seed and the
/// generation alone. With one worker all rows are therefore the same each time, whether it was stopped or not; with several the
/// draws are, but parents depend on which rows are there when a generation begins, and rows stand in the order of their
/// completion.
/// - Source: YOLOv5 v6.2, `train.py`, `--evolve`.
package struct Evolution {
    package let folder: URL
    package let space: SearchSpace
    package let seed: UInt64
    package let selection: ParentSelection
    package let bucket: Bucket?
    /// Keys that do not evolve and that `hyp_evolve.yaml` must have to say what was trained with.
    private let carried: [(name: String, value: Double)]
    /// What the first generation trains with.
    private let start: [Double]

    /// How often a worker without work looks whether another one has left any.
    var pollingInterval: Duration = .seconds(1)
    /// The random numbers of a generation.
    var draws: (_ generation: Int) -> any EvolutionDraws

    /// - Parameters:
    ///   - folder: for the files; made if it is not there.
    ///   - values: hyperparameters by their keys, of which those of the space evolve.
    ///   - carried: keys that do not evolve and that `hyp_evolve.yaml` shall have too.
    ///   - bucket: where the files are copied to, and rows of workers on other machines come from. Those need seeds of their own.
    package init(
        folder: URL, space: SearchSpace, values: [String: Double], carried: [(name: String, value: Double)] = [], seed: UInt64,
        selection: ParentSelection = .single, bucket: Bucket? = nil
    ) {
        self.folder = folder
        self.space = space
        self.seed = seed
        self.selection = selection
        self.bucket = bucket
        self.carried = carried
        start = space.start(from: values)
        draws = { SeededDraws(seed: seed, generation: $0) }
    }

    /// Works until the study has `generations` rows, those that it had before included.
    /// - Parameters:
    ///   - shouldStop: asked between generations.
    ///   - isFailedCandidate: whether an error of `train` is the fault of its values. Such a training counts as the worst
    ///     possible result; any other error ends the evolution.
    ///   - train: trains with the values of the space's variables. Results that are not finite count as a failure too.
    /// - Throws: what `train` throws; `TrainingError` for files that cannot be read, written or locked; what is wrong with the
    ///   bucket before anything has been trained. Later failures of it are warnings.
    package func run(
        generations: Int, shouldStop: () -> Bool = { false }, isFailedCandidate: (any Error) -> Bool = Evolution.isNotFinite,
        report: @escaping (EvolutionEvent) -> Void = { _ in },
        train: (_ values: [String: Double], _ generation: Int) throws -> EvolutionResult
    ) throws -> EvolutionSummary {
        let study = StudyFolder(url: folder, space: space, carried: carried) { report(.warning($0)) }
        try study.create()
        let copy = bucket.map { BucketCopy(bucket: $0, study: study) }
        try copy?.synchronize()
        let rowCount = try study.locked { $0.table.rows.count }
        if rowCount > 0 { report(.continuing(rows: rowCount, generations: generations)) }

        var trained = 0
        var isWaiting = false
        var isCopied = true
        work: while !shouldStop() {
            switch try study.locked({ try turn(in: study, $0, generations: generations) }) {
            case .finished: break work
            case .others(let busy):
                if !isWaiting { report(.waiting(generations: busy)) }
                isWaiting = true
                Thread.sleep(forTimeInterval: pollingInterval / .seconds(1))
            case .train(let candidate, let claim):
                isWaiting = false
                report(.generationBegan(candidate, generations: generations))
                let outcome = try outcome(of: candidate, isFailedCandidate, train)
                try study.add(candidate.entry(outcome, seed: seed))
                withExtendedLifetime(claim) {}  // until the row is there
                trained += 1
                report(.generationEnded(candidate, outcome.result, failure: outcome.failure))
                do {
                    try copy?.synchronize()
                    isCopied = true
                } catch {
                    if isCopied { report(.warning("\(error); it is tried again after the next generation")) }
                    isCopied = false
                }
            }
        }
        return try study.locked { contents in
            study.removeClaims(on: Set(contents.generations))
            return EvolutionSummary(contents, trained: trained, in: study, generations: generations)
        }
    }

    /// The loss of a training became NaN or infinite.
    package static func isNotFinite(_ error: any Error) -> Bool {
        if case .lossNotFinite? = error as? TrainingError { true } else { false }
    }

    // MARK: One generation

    private enum Turn {
        case train(EvolutionCandidate, Claim)
        /// Other workers train all that are left.
        case others([Int])
        case finished
    }

    private func turn(in study: StudyFolder, _ contents: StudyFolder.Contents, generations: Int) throws -> Turn {
        let done = Set(contents.generations)
        var busy = [Int]()
        for generation in 0..<max(generations, 0) where !done.contains(generation) {
            if let claim = study.claim(generation) { return .train(candidate(generation, contents), claim) }
            busy.append(generation)
        }
        return busy.isEmpty ? .finished : .others(busy)
    }

    private func candidate(_ generation: Int, _ contents: StudyFolder.Contents) -> EvolutionCandidate {
        guard generation > 0 else { return EvolutionCandidate(generation: 0, values: start, parents: [], space) }
        var draws = draws(generation)
        let parent = selection.parent(among: contents.table.rows, &draws)
        let numbers = contents.generations
        let values = Mutation.child(of: parent?.values ?? start, in: space, &draws)
        return EvolutionCandidate(
            generation: generation, values: values, parents: (parent?.rows ?? []).map { numbers[$0] }, space)
    }

    private func outcome(
        of candidate: EvolutionCandidate, _ isFailedCandidate: (any Error) -> Bool,
        _ train: (_ values: [String: Double], _ generation: Int) throws -> EvolutionResult
    ) throws -> (result: EvolutionResult, failure: String?) {
        do {
            let result = try train(space.named(candidate.ordered), candidate.generation)
            return result.isFinite ? (result, nil) : (.failed, "the results are not finite")
        } catch where isFailedCandidate(error) {
            return (.failed, "\(error)")
        }
    }
}
