public import PyTorchFile

/// A training's state, or a finished model, as a `.pt` file holds it: tensors and plain values.
///
/// ```swift
/// let checkpoint = try Checkpoint(path: "yolov5n.pt")
/// let model = try DetectionModel(checkpoint)                       // the averaged weights where there are any
/// let counts = try other.transfer(from: checkpoint.weights())      // "Transferred 349/349 items"
/// ```
/// Reads the reference's checkpoints, where `model` is a tree of Python objects, and ours, where it is a dictionary of
/// tensors; nothing in a file is run. Tensors stay in the file until they are copied into a model.
public struct Checkpoint: Sendable {
    /// Where it came from, for messages; empty for one that was made.
    public var path: String
    /// Of the model; nil when the file holds weights alone.
    public var configuration: ModelConfiguration?
    /// In the order of class numbers; empty when the file has none.
    public var classNames: [String]
    /// Pixels a cell of each level of the head.
    public var strides: [Double]
    /// The weights as the optimizer left them (`model`).
    public var model: StateDictionary?
    /// Their moving average (`ema`).
    public var averaged: StateDictionary?
    /// How often the average has been updated (`updates`).
    public var averageUpdates: Int?
    /// The last epoch that was finished, from 0; -1 in a finished model (`epoch`).
    public var epoch: Int
    public var bestFitness: Double?
    /// As the trainer made it; None in a finished model.
    public var optimizer: PickleValue
    /// Hyperparameters of the training, by their YAML keys (`hyp`).
    public var hyperparameters: PickleValue
    /// Options of the training (`opt`).
    public var options: PickleValue
    /// ISO 8601.
    public var date: String?

    /// The weights to use: the average where there is one.
    /// - Parameter current: the weights as the optimizer left them instead, where the file has them.
    public func weights(preferringCurrent current: Bool = false) throws(ModelError) -> StateDictionary {
        guard let weights = current ? model ?? averaged : averaged ?? model else {
            throw .checkpoint(path: path, reason: "holds no weights under 'model' or 'ema'")
        }
        return weights
    }
}

extension Checkpoint {
    /// The state of a training, or a finished model, ready to be written.
    /// - Parameters:
    ///   - model: its weights are copied, converted to float32.
    ///   - average: likewise.
    ///   - epoch: the last epoch that was finished, from 0; -1 for a finished model.
    public init(
        model: DetectionModel, average: ModelEMA? = nil, epoch: Int = -1, bestFitness: Double? = nil,
        optimizer: PickleValue = .none, hyperparameters: PickleValue = .none, options: PickleValue = .none,
        date: String? = nil
    ) throws(ModelError) {
        self.init(
            path: "", configuration: model.configuration, classNames: model.classNames,
            strides: model.strides.map(Double.init), model: try model.stateDictionary(),
            averaged: try average?.model.stateDictionary(), averageUpdates: average?.updateCount, epoch: epoch,
            bestFitness: bestFitness, optimizer: optimizer, hyperparameters: hyperparameters, options: options, date: date)
    }
}
