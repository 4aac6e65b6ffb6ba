import CTorch

/// Stochastic gradient descent with momentum, in Nesterov's form unless told otherwise.
///
/// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, as PyTorch
/// writes it: the momentum buffer starts as the first gradient.
public final class SGD: Optimizer {
    public var groups: [ParameterGroup]
    public let usesNesterov: Bool
    /// By group and place; nil before the parameter's first step.
    private var buffers: [[Tensor?]]

    public init(_ groups: [ParameterGroup], usesNesterov: Bool = true) {
        self.groups = groups
        self.usesNesterov = usesNesterov
        buffers = groups.map { Array(repeating: nil, count: $0.parameters.count) }
    }

    public func step(skipFlag: Tensor? = nil) throws(TorchError) {
        for (index, group) in groups.enumerated() {
            let (places, gradients) = try group.withGradients()
            // The kernel takes lists of one age: those that start with this step apart from the rest.
            for isFirstStep in [true, false] {
                let chosen = places.indices.filter { (buffers[index][places[$0]] == nil) == isFirstStep }
                guard !chosen.isEmpty else { continue }
                var momenta: [Tensor] = []
                for place in chosen.map({ places[$0] }) {
                    let parameter = group.parameters[place]
                    let buffer = if let known = buffers[index][place] { known } else { try parameter.zerosLike() }
                    momenta.append(buffer)
                }
                try update(
                    group, chosen.map { group.parameters[places[$0]] }, chosen.map { gradients[$0] }, momenta,
                    isFirstStep: isFirstStep, skipFlag)
                for (place, momentum) in zip(chosen.map({ places[$0] }), momenta) { buffers[index][place] = momentum }
                if isFirstStep { break }
            }
        }
    }

    public func state() -> [(parameter: String, key: String, value: Tensor)] {
        zip(groups, buffers).flatMap { group, buffers in
            zip(group.names, buffers).compactMap { name, buffer in buffer.map { (name, "momentum_buffer", $0) } }
        }
    }

    public var memoryKeys: [String] { ["momentum_buffer"] }

    public func restore(_ memory: [String: [String: Tensor]]) throws(TorchError) {
        buffers = try groups.map { group throws(TorchError) in
            try zip(group.names, group.parameters).map { name, parameter throws(TorchError) in
                guard let saved = memory[name]?["momentum_buffer"] else { return nil }
                let buffer = try parameter.zerosLike()  // in the parameter's own layout, which the kernel walks along
                try buffer.copy(from: saved)
                return buffer
            }
        }
    }

    private func update(
        _ group: ParameterGroup, _ parameters: [Tensor], _ gradients: [Tensor], _ momenta: [Tensor],
        isFirstStep: Bool, _ skipFlag: Tensor?
    ) throws(TorchError) {
        let status = parameters.lend { parameters in
            gradients.lend { gradients in
                momenta.lend { momenta in
                    skipFlag.lend { skipFlag in
                        ct_fused_sgd_(
                            parameters, gradients, momenta, group.learningRate, group.momentum, group.weightDecay,
                            usesNesterov, isFirstStep, CTTensor(), skipFlag)
                    }
                }
            }
        }
        try check("SGD.step", status)
    }
}
