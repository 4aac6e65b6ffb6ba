import PyTorchFile
import Torch

extension PythonModule {
    /// This part with all that it holds as Python's object of its class, tensors copied, floating-point ones in float32.
    /// - Parameters:
    ///   - isTraining: what the modules' `training` says.
    ///   - learns: whether Python's parameters require gradients.
    ///   - attributes: more of the outermost object, after its own.
    func pythonObject(
        isTraining: Bool, learns: Bool, attributes: [PythonAttribute] = []
    ) throws(TorchError) -> PythonObject {
        try stateTree().pythonObject(isTraining: isTraining, learns: learns, attributes: attributes)
    }
}

extension StateTree {
    fileprivate func pythonObject(
        isTraining: Bool, learns: Bool, attributes: [PythonAttribute] = []
    ) throws(TorchError) -> PythonObject {
        // A part of somebody's own layer need not say what Python calls it.
        let known = part as? any PythonModule
        var parameters: [(String, PickleValue)] = []
        for (name, tensor) in self.parameters {
            let value = try tensor.map { tensor throws(TorchError) in
                PickleValue.tensor(try tensor.stored().asParameter(requiresGradient: learns))
            }
            parameters.append((name, value ?? .none))
        }
        var buffers: [(String, PickleValue)] = []
        for (name, tensor) in self.buffers { buffers.append((name, .tensor(try tensor.stored()))) }
        var modules: [(String, PickleValue)] = []
        for (name, child) in children {
            modules.append((name, .object(try child.pythonObject(isTraining: isTraining, learns: learns))))
        }
        var state = Self.module(isTraining: isTraining, parameters, buffers, modules)
        for (name, value) in (known?.pythonAttributes ?? []) + attributes { state.updateValue(value, forKey: .string(name)) }
        return PythonObject(known?.pythonClass ?? .named(after: part), state: .dictionary(state))
    }

    /// What every `torch.nn.Module` has, as of PyTorch 1.12; its `__setstate__` fills in what later versions added.
    private static func module(
        isTraining: Bool, _ parameters: [(String, PickleValue)], _ buffers: [(String, PickleValue)],
        _ modules: [(String, PickleValue)]
    ) -> PickleDictionary {
        func ordered(_ entries: [(String, PickleValue)] = []) -> PickleValue {
            .dictionary(PickleDictionary(entries, isOrderedDict: true))
        }
        return PickleDictionary([
            ("training", .bool(isTraining)), ("_parameters", ordered(parameters)), ("_buffers", ordered(buffers)),
            ("_non_persistent_buffers_set", .set([])), ("_backward_hooks", ordered()), ("_is_full_backward_hook", .none),
            ("_forward_hooks", ordered()), ("_forward_pre_hooks", ordered()), ("_state_dict_hooks", ordered()),
            ("_load_state_dict_pre_hooks", ordered()), ("_load_state_dict_post_hooks", ordered()),
            ("_modules", ordered(modules)),
        ])
    }
}

extension Tensor {
    /// A row-major copy for a checkpoint; floating-point numbers in float32.
    fileprivate func stored() throws(TorchError) -> TensorValue {
        let tensor = try detached()
        return try TensorValue(tensor.scalarType.isFloatingPoint ? tensor.to(.float32) : tensor)
    }
}
