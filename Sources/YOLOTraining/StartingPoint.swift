import Foundation
import YOLOData
import YOLOModel

/// The network that a training starts from.
struct StartingPoint {
    let model: DetectionModel
    /// One line on where its weights come from.
    let summary: String

    /// - Throws: for weights or a model that cannot be read, and for weights without a model's description and no `--cfg`.
    /// - Parameter run: the one that goes on, whose own weights and anchors are taken.
    init(_ options: TrainingOptions, _ data: DatasetDescription, resuming run: InterruptedRun?) throws {
        if let run {
            model = try run.model(classNames: data.names)
            summary = run.summary
            return
        }
        let weights = options.weights.isEmpty ? nil : try WeightsFile.open(options.weights, fetchingBy: options.network.weights)
        var configuration: ModelConfiguration
        if !options.configuration.isEmpty {
            configuration = try ModelConfiguration(named: options.configuration)
        } else if let described = weights?.configuration {
            configuration = described
        } else {
            throw TrainingError.unreadable(
                path: options.weights, reason: "it does not say which model its weights belong to; name the model's YAML with --cfg")
        }
        configuration.classCount = data.classCount
        let anchorCount = options.hyperparameters.anchorCount
        if anchorCount > 0 { configuration.anchors = .count(anchorCount) }
        var model = try DetectionModel(configuration)
        model.classNames = data.names
        if let weights {
            // A model that is named on purpose brings its own anchors, and a number of them asks for new ones.
            let excluded = options.configuration.isEmpty && anchorCount == 0 ? [] : ["anchor"]
            summary = "\(try model.transfer(from: weights.weights(preferringCurrent: true), excluding: excluded)) from \(options.weights)"
        } else {
            summary = "Random weights (seed \(options.seed))"
        }
        self.model = model
    }
}
