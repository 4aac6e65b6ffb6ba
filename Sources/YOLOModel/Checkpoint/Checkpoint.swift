public import PyTorchFile

/// A training's state, or a finished model, as a `.pt` file holds it, in the reference's form.
///
/// ```swift
/// let checkpoint = try Checkpoint(path: "yolov5n.pt")
/// let model = try DetectionModel(checkpoint)                       // the averaged weights where there are any
/// let counts = try other.transfer(from: checkpoint.weights())      // "Transferred 349/349 items"
/// try checkpoint.stripped().write(to: "small.pt")
/// ```
/// What is read was written by YOLOv5 5.0 to 7.0, by this package, or is any dictionary of tensors; nothing in a file is run.
/// What is written, Python's YOLOv5 6.2 loads, validates, exports and resumes. Tensors stay in the file until they are needed.
public struct Checkpoint: Sendable {
    /// Where it came from, for messages; empty for one that was made.
    public var path: String
    /// Of the model; nil when the file holds weights alone.
    public internal(set) var configuration: ModelConfiguration?
    /// In the order of class numbers; empty when the file has none.
    public internal(set) var classNames: [String]
    /// Pixels a cell of each level of the head.
    public internal(set) var strides: [Double]
    /// The weights as the optimizer left them (`model`).
    public internal(set) var model: StoredModel?
    /// Their moving average (`ema`).
    public internal(set) var averaged: StoredModel?
    /// How often the average has been updated (`updates`).
    public var averageUpdates: Int?
    /// The last epoch that was finished, from 0; -1 in a finished model (`epoch`).
    public var epoch: Int
    public var bestFitness: Double?
    /// What the optimizer remembers; nil in a finished model (`optimizer`).
    public var optimizer: OptimizerRecord?
    /// Hyperparameters of the training, by their YAML keys; the reference keeps them on the model (`hyp`).
    public internal(set) var hyperparameters: PickleValue
    /// Options of the training (`opt`).
    public var options: PickleValue
    /// ISO 8601.
    public var date: String?
    /// What a training of this package needs besides to go on exactly where it stopped; Python passes it over.
    public var trainingState: PickleValue
    /// Entries under other keys; they are kept when the checkpoint is written again.
    public var otherEntries: [(key: String, value: PickleValue)]
    /// Whether the file is nothing but the model, with no dictionary around it.
    public var isBare: Bool

    /// The weights to use: the average where there is one.
    /// - Parameter current: the weights as the optimizer left them instead, where the file has them.
    public func weights(preferringCurrent current: Bool = false) throws(ModelError) -> StateDictionary {
        guard let stored = current ? model ?? averaged : averaged ?? model else {
            throw .checkpoint(path: path, reason: "holds no weights under 'model' or 'ema'")
        }
        return stored.state
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
        optimizer: OptimizerRecord? = nil, hyperparameters: PickleValue = .none, options: PickleValue = .none,
        trainingState: PickleValue = .none, date: String? = nil
    ) throws(ModelError) {
        let isTraining = optimizer != nil
        var averaged: StoredModel?
        if let average {
            averaged = try StoredModel(average.model, isTraining: false, hyperparameters: hyperparameters)
        }
        self.init(
            path: "", configuration: model.configuration, classNames: model.classNames,
            strides: model.strides.map(Double.init),
            model: try StoredModel(model, isTraining: isTraining, hyperparameters: hyperparameters),
            averaged: averaged, averageUpdates: average?.updateCount, epoch: epoch, bestFitness: bestFitness,
            optimizer: optimizer, hyperparameters: hyperparameters, options: options, date: date,
            trainingState: trainingState, otherEntries: [], isBare: false)
    }
}
