public import PyTorchFile
import Torch

/// How many tensors of a model found their like in a checkpoint.
public struct WeightTransfer: Hashable, Sendable, CustomStringConvertible {
    public var matched: Int
    public var total: Int

    public var description: String { "Transferred \(matched)/\(total) items" }
}

extension DetectionModel {
    /// The network of a checkpoint, in float32 on the CPU.
    /// - Parameters:
    ///   - preferringCurrent: the weights as the optimizer left them, instead of their average.
    ///   - registry: the layers that the model's rows may name.
    /// - Throws: ``ModelError/checkpoint(path:reason:)`` where the file lacks the model's description or a tensor.
    public init(
        _ checkpoint: Checkpoint, preferringCurrent: Bool = false, registry: LayerRegistry = .standard
    ) throws(ModelError) {
        guard let configuration = checkpoint.configuration else {
            throw .checkpoint(
                path: checkpoint.path, reason: "holds weights without the model's description; name its YAML with --cfg")
        }
        try self.init(uninitialized: configuration, registry: registry)
        if checkpoint.classNames.count == classCount { classNames = checkpoint.classNames }
        try load(checkpoint.weights(preferringCurrent: preferringCurrent), from: checkpoint.path)
    }

    /// Copies over every tensor of the same name and shape, converting types; the others stay as they are.
    /// - Parameter excluded: tensors whose name contains one of these stay as they are, for example `anchor`.
    @discardableResult
    public func transfer(
        from state: StateDictionary, excluding excluded: [String] = []
    ) throws(ModelError) -> WeightTransfer {
        var counts = WeightTransfer(matched: 0, total: 0)
        for entry in stateEntries() {
            counts.total += 1
            guard let value = state[entry.name], value.shape == entry.tensor.shape,
                !excluded.contains(where: entry.name.contains)
            else { continue }
            try tensorWork { () throws(TorchError) in
                try withoutGradients { () throws(TorchError) in try entry.tensor.copy(from: value) }
            }
            counts.matched += 1
        }
        return counts
    }

    /// Copies over every tensor.
    /// - Parameter path: the file's name in errors.
    /// - Throws: where one is missing or of another shape, with its name.
    public func load(_ state: StateDictionary, from path: String) throws(ModelError) {
        for entry in stateEntries() {
            guard let value = state[entry.name] else {
                if let layer = entry.name.removingSuffix("bn.weight"), state[layer + "conv.bias"] != nil {
                    throw .checkpoint(
                        path: path, reason: "its normalizations are folded into convolutions; take the file as it was before that")
                }
                throw .checkpoint(path: path, reason: "lacks '\(entry.name)', which \(configuration.source) has")
            }
            guard value.shape == entry.tensor.shape else {
                throw .checkpoint(
                    path: path,
                    reason: "'\(entry.name)' has shape \(value.shape), in \(configuration.source) with "
                        + "\(classCount) classes it has \(entry.tensor.shape)")
            }
        }
        try transfer(from: state)
    }
}
