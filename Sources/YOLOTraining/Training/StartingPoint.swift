import Foundation
import YOLOData
import YOLOModel

/// The network that a training starts from.
struct StartingPoint {
    let model: DetectionModel
    /// Where its weights come from, and a line where the data set has another number of classes than the model.
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
        let ownClassCount = configuration.classCount
        configuration.classCount = data.classCount
        let anchorCount = options.hyperparameters.anchorCount
        if anchorCount > 0 { configuration.anchors = .count(anchorCount) }
        var model = try DetectionModel(configuration)
        model.classNames = data.names
        let origin: String
        if let weights {
            // A model that is named on purpose brings its own anchors, and a number of them asks for new ones.
            let excluded = options.configuration.isEmpty && anchorCount == 0 ? [] : ["anchor"]
            origin = "\(try model.transfer(from: weights.weights(preferringCurrent: true), excluding: excluded)) from \(options.weights)"
        } else {
            origin = "Random weights (seed \(options.seed))"
        }
        let classes = ownClassCount == data.classCount
            ? [] : ["Classes: \(data.classCount), as in \(options.data), instead of the model's \(ownClassCount)"]
        summary = (classes + [origin]).joined(separator: "\n")
        self.model = model
    }
}
