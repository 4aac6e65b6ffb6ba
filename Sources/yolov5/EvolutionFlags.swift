import ArgumentParser
import YOLOReporting
import YOLOTraining

/// The flags of `train` that search hyperparameters.
struct EvolutionFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Train so many times, each with a change of the best hyperparameters so far; 300 without a number.",
            discussion: "With --resume FOLDER, or --resume and the same --name, a search goes on; several processes may work on one.",
            valueName: "generations"))
    var evolve: Int?

    @Option(help: "Cloud storage that workers on other machines share: NAME or gs://NAME (gsutil), s3://NAME (aws).")
    var bucket = ""

    @Flag(help: "Change the mean of the five best, instead of one of them.")
    var mixParents = false

    func check() throws {
        guard evolve ?? 1 > 0 else { throw ValidationError("--evolve is \(evolve ?? 0); expected 1 or more generations") }
        guard evolve != nil || (bucket.isEmpty && !mixParents) else {
            throw ValidationError("\(bucket.isEmpty ? "--mix-parents" : "--bucket") is given without --evolve")
        }
    }

    /// - Returns: whether the search came to its end; false where it was interrupted.
    func run(
        _ options: TrainingOptions, _ generations: Int, _ observers: [any TrainingObserver]
    ) throws -> Bool {
        var evolution = EvolutionRun(options, generations: generations, observers: observers)
        evolution.bucket = bucket
        evolution.mixesParents = mixParents
        let terminal = Terminal.forText()
        evolution.report = { terminal.print($0) }
        let outcome = try evolution.run()
        guard !outcome.isInterrupted else {
            StandardError.print("interrupted; it goes on, with the generation at hand begun anew, with the same flags and --resume \(outcome.folder)")
            return false
        }
        if outcome.trainedHere == 0 {
            terminal.print("Nothing to do: \(outcome.folder) has \(outcome.generations) generations; a larger number goes on")
        }
        terminal.print("\nHyperparameter evolution: \(outcome.generations) generations, \(outcome.trainedHere) of them now")
        if let best = outcome.bestGeneration { terminal.print("The best is generation \(best), in \(outcome.hyperparameters)") }
        terminal.print("Train with it: yolov5 train --hyp \(outcome.hyperparameters)")
        terminal.print("Results saved to \(outcome.folder)")
        return true
    }
}
