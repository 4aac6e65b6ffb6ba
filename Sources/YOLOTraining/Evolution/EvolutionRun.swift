import Detection
import Foundation
import YOLOModel
public import YOLOReporting

/// Searches better hyperparameters by training again and again: the command `yolov5 train --evolve`.
///
///     var options = TrainingOptions()
///     options.data = "coco128.yaml"
///     options.epochs = 10
///     let outcome = try EvolutionRun(options, generations: 300, observers: []).run()
///     print(outcome.hyperparameters)        // runs/evolve/exp/hyp_evolve.yaml
///
/// Only the last epoch of a training is validated, and no weights are kept. The run's folder says how far the search is: the same
/// call goes on with one that was stopped, and several processes can work on one.
/// - Source: YOLOv5 v6.2, `main` of `train.py`.
public struct EvolutionRun {
    private let options: TrainingOptions
    private let drawsNothing: Bool
    private let generations: Int
    private let observers: [any TrainingObserver]
    /// Where files are shared with workers on other machines (`--bucket`): a name, `gs://NAME` or `s3://NAME`; empty for nowhere.
    public var bucket = ""
    /// Take the mean of the best results for a parent, each with its fitness as its weight, instead of one of them by chance.
    public var mixesParents = false
    /// Told of each generation, line by line.
    public var report: (String) -> Void = { _ in }

    /// - Parameters:
    ///   - options: of every training; their hyperparameters are those of the first. With `reusesFolder` a search goes on.
    ///   - generations: trainings in all, those that the folder has already included.
    ///   - observers: of every training.
    public init(_ options: TrainingOptions, generations: Int, observers: [any TrainingObserver]) {
        self.options = Self.options(of: options)
        drawsNothing = options.drawsNothing
        self.generations = generations
        self.observers = observers
    }

    /// Where nothing else is said, searches have a folder of their own beside that of trainings.
    private static func options(of given: TrainingOptions) -> TrainingOptions {
        var options = given
        if options.project == TrainingOptions().project { options.project = "runs/evolve" }
        options.validatesOnlyAtEnd = true
        options.savesOnlyAtEnd = true
        options.saveSteps = 0
        options.drawsNothing = true
        return options
    }

    /// - Throws: what a training throws, but for losses that are no numbers: they count as the worst result.
    @discardableResult
    public func run() throws -> EvolutionOutcome {
        try options.validate()
        try OptionLimits.check("--evolve", generations, 1...OptionLimits.count.upperBound)
        let bucket = bucket.isEmpty ? nil : try Bucket(bucket)
        try checkInputs()
        let folder = try RunFolder(project: options.project, name: options.runName, reusesExisting: options.reusesFolder)
        try checkStudy(in: folder)
        let evolution = Evolution(
            folder: folder.url, hyperparameters: options.hyperparameters, keepsAnchors: options.keepsAnchors,
            seed: UInt64(options.seed), selection: mixesParents ? .weighted : .single, bucket: bucket)
        do {
            let summary = try evolution.run(
                generations: generations, shouldStop: { observers.contains { $0.stopRequest != nil } }, report: { tell($0) }
            ) { values, _ in
                try train(options.hyperparameters.evolved(values), in: folder)
            }
            if !drawsNothing { drawChart(of: summary, in: folder) }
            return EvolutionOutcome(summary, in: folder, isInterrupted: !summary.isComplete)
        } catch is Interruption {
            return EvolutionOutcome(nil, in: folder, isInterrupted: true)
        }
    }

    // MARK: Before anything is trained

    /// A data set or a model that is not there leaves no folder behind.
    private func checkInputs() throws {
        _ = try options.network.dataset(options.data)
        if !options.weights.isEmpty { _ = try WeightsFile.open(options.weights, fetchingBy: options.network.weights) }
        if !options.configuration.isEmpty { _ = try ModelConfiguration(named: options.configuration) }
    }

    /// Rows of trainings that differ in more than hyperparameters cannot be compared: `opt.yaml` says what a search is about.
    private func checkStudy(in folder: RunFolder) throws {
        let file = folder.url.appendingPathComponent(OptionsFile.name)
        guard FileManager.default.fileExists(atPath: file.path) else {
            do {
                try Data(OptionsFile.text(options, folder: folder.display).utf8).write(to: file, options: .atomic)
            } catch {
                throw TrainingError.cannotWrite(path: folder.displayPath(file), reason: error.localizedDescription)
            }
            return
        }
        let before = try OptionsFile.read(file.path).options.settings
        for (now, then) in zip(options.settings, before) where Self.decisive.contains(now.name) && now.value != then.value {
            throw TrainingError.invalidOption(
                "--\(now.name.replacing("_", with: "-"))", found: now.value.description,
                expected: "\(then.value.description), with which the search in \(folder.display) was begun; or another --name")
        }
    }

    /// Options that decide how good a training becomes.
    private static let decisive: Set = [
        "weights", "cfg", "data", "epochs", "batch_size", "imgsz", "rect", "quad", "image_weights", "multi_scale", "single_cls", "optimizer",
        "cos_lr", "freeze", "noautoanchor", "label_policy",
    ]

    // MARK: Training

    /// `evolve.png`: how good each value of each hyperparameter was.
    private func drawChart(of summary: EvolutionSummary, in folder: RunFolder) {
        guard let table = try? NumberTable(contentsOf: summary.table) else { return }
        let charts = ChartRenderer(format: options.plotFormat)
        charts.draw(EvolutionChart(table), as: "evolve", in: folder.url)
        charts.finish()
    }

    private func train(_ hyperparameters: Hyperparameters, in folder: RunFolder) throws -> EvolutionResult {
        var options = options
        options.hyperparameters = hyperparameters
        let outcome = try Trainer(options, .candidate(folder), observers).run()
        if outcome.ending == .interrupted { throw Interruption() }
        guard let report = outcome.best, let losses = report.losses else { return .failed }
        return EvolutionResult(metrics: report.mean, losses: losses)
    }

    private func tell(_ event: EvolutionEvent) {
        switch event {
        case .continuing(let rows, let generations): report("Going on with \(rows) of \(generations) generations")
        case .generationBegan(let candidate, let generations):
            let origin = candidate.parents.isEmpty ? "the given values" : "a child of generation \(candidate.parents.map(String.init).joined(separator: ", "))"
            report("\nGeneration \(candidate.generation) of \(generations): \(origin)")
        case .generationEnded(let candidate, let result, let failure):
            let metrics = result.metrics
            report(failure.map { "Generation \(candidate.generation) failed: \($0)" } ?? String(
                format: "Generation %d: P %.4g, R %.4g, mAP50 %.4g, mAP50-95 %.4g, fitness %.5g", candidate.generation,
                metrics.precision, metrics.recall, metrics.map50, metrics.map, result.fitness))
        case .waiting(let generations):
            report("Waiting for other processes, which train generation \(generations.map(String.init).joined(separator: ", "))")
        case .warning(let text): Warning.print(text)
        }
    }
}

/// What a search has come to.
public struct EvolutionOutcome: Sendable, Hashable {
    /// An observer asked for its end; the same call goes on.
    public let isInterrupted: Bool
    /// Generations that are done, and how many of them by this process.
    public let generations: Int
    public let trainedHere: Int
    /// The best generation and its fitness; nil while none has a result.
    public let bestGeneration: Int?
    public let bestFitness: Double?
    /// The best hyperparameters, to be given to `--hyp`, and the table of all, as paths to type.
    public let hyperparameters: String
    public let table: String
    /// The run's folder, likewise.
    public let folder: String

    init(_ summary: EvolutionSummary?, in folder: RunFolder, isInterrupted: Bool) {
        self.isInterrupted = isInterrupted
        generations = summary?.rows ?? 0
        trainedHere = summary?.trained ?? 0
        bestGeneration = summary?.best?.generation
        bestFitness = summary?.best?.result.fitness
        hyperparameters = folder.displayPath(folder.url.appendingPathComponent("hyp_evolve.yaml"))
        table = folder.displayPath(folder.url.appendingPathComponent("evolve.csv"))
        self.folder = folder.display
    }
}
