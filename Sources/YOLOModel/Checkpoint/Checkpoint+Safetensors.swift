import Foundation
public import PyTorchFile

/// Notes in a safetensors file that make it a whole model: what a `.pt` file keeps on its module object.
private enum Note {
    /// `pt`, as other programs expect of tensors in PyTorch's layout.
    static let format = "format"
    /// The model's description, in JSON.
    static let configuration = "yolov5_yaml"
    static let configurationFile = "yolov5_yaml_file"
    /// A list in JSON.
    static let classNames = "yolov5_names"
}

extension Checkpoint {
    /// Opens the weights of a safetensors file, with the model's description and class names where the file notes them, as
    /// ``writeSafetensors(to:)`` does.
    init(safetensors path: String) throws(ModelError) {
        let file: SafetensorsFile
        let model: StoredModel
        do {
            file = try SafetensorsFile(path: path)
            let entries = file.tensors.entries.map { ($0.name, PickleValue.tensor($0.tensor)) }
            model = try StoredModel(.dictionary(PickleDictionary(entries, isOrderedDict: true)), named: path)
        } catch {
            throw .checkpointFile(error)
        }
        var configuration: ModelConfiguration?
        var names: [String] = []
        do throws(ConfigurationError) {
            if let text = file.metadata[Note.configuration] {
                configuration = try ModelConfiguration(yaml: text, source: path)
                if let source = file.metadata[Note.configurationFile] { configuration?.source = source }
            }
            if let text = file.metadata[Note.classNames] {
                names = try ConfigurationValue(yaml: text, source: path).list?.map { $0.text ?? $0.description } ?? []
            }
        } catch {
            throw .configuration(error)
        }
        self.init(
            path: path, configuration: configuration, classNames: names, strides: [], model: model, averaged: nil,
            averageUpdates: nil, epoch: -1, bestFitness: nil, optimizer: nil, hyperparameters: .none, options: .none,
            date: nil, trainingState: .none, otherEntries: [], isBare: true)
    }

    /// Writes the weights to use, the average where there is one, with what makes a model of them.
    public func writeSafetensors(to path: String) throws(ModelError) {
        var notes = [Note.format: "pt"]
        if let configuration {
            notes[Note.configuration] = configuration.value.json
            notes[Note.configurationFile] = configuration.source
        }
        if !classNames.isEmpty {
            notes[Note.classNames] = ConfigurationValue(.list(classNames.map { .init(.text($0)) })).json
        }
        let weights = try weights()
        do {
            try SafetensorsFile.write(weights, metadata: notes, to: path)
        } catch {
            throw .checkpointFile(error)
        }
    }

    /// The same with a whole model in Python's form, for weights that came as a mere dictionary.
    /// - Parameter configuration: the model's, where the file does not say; nil leaves weights without one as they are.
    public func completed(with configuration: ModelConfiguration? = nil) throws(ModelError) -> Checkpoint {
        guard let model, model.module == nil, averaged == nil else { return self }
        var described = self
        described.configuration = configuration ?? self.configuration
        guard described.configuration != nil else { return self }
        let network = try DetectionModel(described)
        var complete = try Checkpoint(model: network, date: date)
        complete.path = path
        // The network is float32, whatever the weights were.
        let types = model.state.entries.map(\.tensor.dtype)
        guard let type = types.first(where: \.isFloatingPoint) else { return complete }
        return try complete.converted(to: type)
    }
}
