public import PyTorchFile

extension Checkpoint {
    /// The key of ``trainingState``, which is ours alone.
    static let trainingStateKey = "yolov5_swift"

    /// Writes the checkpoint for Python's YOLOv5 and for ``init(path:)``.
    ///
    /// An earlier file of this name is replaced when the new one is complete and on the disk, not before.
    public func write(to path: String) throws(ModelError) {
        do {
            try PyTorchFile.write(value, to: path)
        } catch {
            throw .checkpointFile(error)
        }
    }

    /// The reference's dictionary.
    var value: PickleValue {
        if isBare, let model { return model.value }
        var entries: [(String, PickleValue)] = [
            ("epoch", .int(epoch)),
            ("best_fitness", bestFitness.map(PickleValue.double) ?? .none),
            ("model", model?.value ?? .none),
            ("ema", averaged?.value ?? .none),
            ("updates", averageUpdates.map(PickleValue.int) ?? .none),
            ("optimizer", optimizer?.value ?? .none),
            ("wandb_id", .none),
            ("opt", options),
            ("date", date.map(PickleValue.string) ?? .none),
        ]
        if (model ?? averaged)?.module == nil { entries += description }
        if !trainingState.isNone { entries.append((Self.trainingStateKey, trainingState)) }
        entries += otherEntries.map { ($0.key, $0.value) }
        return .dictionary(PickleDictionary(entries))
    }

    /// What a module object carries, for a model that is a mere dictionary of tensors.
    private var description: [(String, PickleValue)] {
        let names = classNames.enumerated().map { (PickleValue.int($0), PickleValue.string($1)) }
        return [
            ("yaml", configuration.map { PickleValue($0.value) } ?? .none),
            ("yaml_file", configuration.map { .string($0.source) } ?? .none),
            ("names", .dictionary(PickleDictionary(names))),
            ("stride", .list(strides.map(PickleValue.double))),
            ("hyp", hyperparameters),
        ]
    }
}
