public import PyTorchFile
import Torch

/// A network as a checkpoint holds it: the tree of Python's modules, or a dictionary of tensors.
///
/// Tensors stay in the file until they are asked for.
public struct StoredModel: Sendable {
    /// As it stands in the file.
    public let value: PickleValue
    /// Its tensors by name.
    public let state: StateDictionary

    /// - Parameter name: what to call it in errors.
    /// - Throws: `PyTorchFileError.unexpectedValue` where there are no tensors by name.
    public init(_ value: PickleValue, named name: String) throws(PyTorchFileError) {
        self.value = value
        state = try StateDictionary(value, named: name)
    }

    /// The outermost module; nil for a dictionary.
    public var module: PythonObject? { value.object }
}

extension StoredModel {
    /// A network as it is now, in float32.
    /// - Parameters:
    ///   - isTraining: whether Python finds it ready to be trained, or to be used.
    ///   - hyperparameters: what Python's losses look for on the model (`hyp`).
    init(
        _ model: DetectionModel, isTraining: Bool, hyperparameters: PickleValue = .none
    ) throws(ModelError) {
        let attributes: [PythonAttribute] = hyperparameters.isNone ? [] : [("hyp", hyperparameters)]
        let module = try tensorWork { () throws(TorchError) in
            try model.pythonObject(isTraining: isTraining, learns: isTraining, attributes: attributes)
        }
        do {
            try self.init(.object(module), named: "model")
        } catch {
            throw .checkpointFile(error)
        }
    }
}
