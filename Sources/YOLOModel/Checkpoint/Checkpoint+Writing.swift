import PyTorchFile
import Torch

extension Checkpoint {
    /// Writes a dictionary of tensors and plain values, which Python's `torch.load(path, weights_only=True)` opens.
    ///
    /// An earlier file of this name is replaced when the new one is complete and on the disk, not before.
    public func write(to path: String) throws(ModelError) {
        do {
            try PyTorchFile.write(value, to: path)
        } catch {
            throw .checkpointFile(error)
        }
    }

    /// Keys as the reference has them; `yaml`, `names` and `stride`, which it keeps on its module object, stand beside it.
    private var value: PickleValue {
        func optional(_ value: PickleValue?) -> PickleValue { value ?? .none }
        let names = classNames.enumerated().map { (PickleValue.int($0), PickleValue.string($1)) }
        return .dictionary(
            PickleDictionary([
                ("epoch", .int(epoch)),
                ("best_fitness", optional(bestFitness.map(PickleValue.double))),
                ("model", optional(model?.value)),
                ("ema", optional(averaged?.value)),
                ("updates", optional(averageUpdates.map(PickleValue.int))),
                ("optimizer", optimizer),
                ("yaml", optional(configuration.map { PickleValue($0.value) })),
                ("yaml_file", optional(configuration.map { .string($0.source) })),
                ("names", .dictionary(PickleDictionary(names))),
                ("stride", .list(strides.map(PickleValue.double))),
                ("hyp", hyperparameters),
                ("opt", options),
                ("date", optional(date.map(PickleValue.string))),
            ]))
    }
}

extension StateDictionary {
    fileprivate var value: PickleValue {
        .dictionary(PickleDictionary(entries.map { ($0.name, .tensor($0.tensor)) }, isOrderedDict: true))
    }
}

extension PickleValue {
    /// A plain value of a model's description.
    fileprivate init(_ value: ConfigurationValue) {
        switch value.content {
        case .none: self = .none
        case .boolean(let value): self = .bool(value)
        case .integer(let value): self = .int(value)
        case .real(let value): self = .double(value)
        case .text(let value): self = .string(value)
        case .list(let values): self = .list(values.map(PickleValue.init))
        case .table(let entries):
            self = .dictionary(PickleDictionary(entries.map { ($0.key, PickleValue($0.value)) }))
        }
    }
}
