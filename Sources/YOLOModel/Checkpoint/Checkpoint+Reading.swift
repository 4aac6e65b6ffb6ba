import Foundation
import PyTorchFile

extension Checkpoint {
    /// Opens a file of YOLOv5 5.0 to 7.0, of this package, any dictionary of tensors, or safetensors by that extension.
    /// - Throws: ``ModelError/checkpointFile(_:)`` where the file is damaged or none of PyTorch's,
    ///   ``ModelError/checkpoint(path:reason:)`` where it holds no model.
    public init(path: String) throws(ModelError) {
        if path.hasSuffix(".safetensors") {
            try self.init(safetensors: path)
            return
        }
        let root: PickleValue
        do {
            root = try PyTorchFile(path: path).root
        } catch {
            throw .checkpointFile(error)
        }
        try self.init(root, path: path)
    }

    init(_ root: PickleValue, path: String) throws(ModelError) {
        // A whole module or a bare dictionary of tensors may have been saved without anything around it.
        let isBare = root["model"] == nil && root["ema"] == nil
        let current = isBare ? root : Self.present(root["model"])
        let average = Self.present(root["ema"])
        guard let source = average ?? current else {
            throw .checkpoint(path: path, reason: "holds no model: 'model' and 'ema' are empty")
        }
        /// The reference keeps these on the module; a dictionary of tensors has them beside it.
        func attribute(_ name: String) -> PickleValue? {
            if !isBare, let value = root[name] { return value }
            return source.object.flatMap { $0[name] }
        }

        self.init(
            path: path,
            configuration: try Self.configuration(
                attribute("yaml"), file: attribute("yaml_file")?.string, activations: source.object, path: path),
            classNames: Self.classNames(attribute("names")),
            strides: Self.strides(attribute("stride")),
            model: try Self.stored(current, named: "model", path: path),
            averaged: try Self.stored(average, named: "ema", path: path),
            averageUpdates: root["updates"]?.int,
            epoch: root["epoch"]?.int ?? -1,
            bestFitness: root["best_fitness"]?.double,
            optimizer: root["optimizer"].flatMap(OptimizerRecord.init),
            hyperparameters: attribute("hyp") ?? .none,
            options: root["opt"] ?? .none,
            date: root["date"]?.string,
            trainingState: root[Self.trainingStateKey] ?? .none,
            otherEntries: isBare ? [] : Self.otherEntries(of: root),
            isBare: isBare)
    }

    /// Keys that have a property of their own.
    private static let knownKeys: Set = [
        "model", "ema", "updates", "epoch", "best_fitness", "optimizer", "opt", "date", trainingStateKey, "yaml",
        "yaml_file", "names", "stride", "hyp",
    ]

    private static func otherEntries(of root: PickleValue) -> [(key: String, value: PickleValue)] {
        (root.dictionary?.entries ?? []).compactMap { key, value in
            guard let key = key.string, !knownKeys.contains(key) else { return nil }
            return (key, value)
        }
    }

    /// Python's None counts as missing.
    private static func present(_ value: PickleValue?) -> PickleValue? {
        guard let value, !value.isNone else { return Optional.none }
        return value
    }

    private static func stored(
        _ value: PickleValue?, named name: String, path: String
    ) throws(ModelError) -> StoredModel? {
        guard let value else { return nil }
        do {
            return try StoredModel(value, named: name)
        } catch {
            throw .checkpoint(path: path, reason: "holds no YOLOv5 model: \(error)")
        }
    }

    /// - Parameter module: whose convolutions say which activation they have; early YAML files did not.
    private static func configuration(
        _ value: PickleValue?, file: String?, activations module: PythonObject?, path: String
    ) throws(ModelError) -> ModelConfiguration? {
        guard let value, !value.isNone else { return nil }
        do {
            var configuration = try ModelConfiguration(ConfigurationValue(value, source: path), source: path)
            if let file { configuration.source = file }
            if configuration.activation == nil, let module { configuration.activation = firstActivation(in: module) }
            return configuration
        } catch {
            throw .configuration(error)
        }
    }

    /// The activation of the first convolution of a tree that has one, as Python would make it; nil for SiLU, which is what a
    /// model has that says nothing.
    private static func firstActivation(in module: PythonObject) -> String? {
        var open = [module]
        // The first rows are convolutions; a tree without any need not be searched to its end.
        for _ in 0..<100 {
            guard let next = open.popLast() else { return nil }
            if next.type.name == "Conv", let activation = next["_modules"]?["act"]?.object {
                switch activation.type.name {
                case "SiLU": return nil
                case "Identity": break
                case "LeakyReLU": return "nn.LeakyReLU(\(activation["negative_slope"]?.double ?? 0.01))"
                case let name: return "nn.\(name)()"
                }
            }
            open += (next["_modules"]?.dictionary?.entries.compactMap(\.value.object) ?? []).reversed()
        }
        return nil
    }

    /// A list, or a dictionary from class numbers in later versions.
    private static func classNames(_ value: PickleValue?) -> [String] {
        if let list = value?.list { return list.map { $0.string ?? "" } }
        guard let dictionary = value?.dictionary else { return [] }
        return (0..<dictionary.count).map { dictionary[$0]?.string ?? String($0) }
    }

    private static func strides(_ value: PickleValue?) -> [Double] {
        value?.tensor?.doubles ?? (value?.list ?? []).compactMap(\.double)
    }
}
