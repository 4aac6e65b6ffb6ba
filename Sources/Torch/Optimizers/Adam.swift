import CTorch

/// Adam, or AdamW where weight decay is decoupled from the gradient.
///
/// Sources: Kingma and Ba, "Adam", 2015; Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019. The group's
/// `momentum` is the first beta.
public final class Adam: Optimizer {
    public var groups: [ParameterGroup]
    public let secondBeta: Double
    public let epsilon: Double
    public let decouplesWeightDecay: Bool
    private var moments: [[Moments?]]

    private struct Moments {
        let first: Tensor
        let second: Tensor
        /// float32 scalar on the parameter's device.
        let step: Tensor

        init(for parameter: Tensor) throws(TorchError) {
            first = try parameter.zerosLike()
            second = try parameter.zerosLike()
            step = try Tensor.zeros([], on: parameter.device)
        }
    }

    public init(
        _ groups: [ParameterGroup], secondBeta: Double = 0.999, epsilon: Double = 1e-8, decouplesWeightDecay: Bool
    ) {
        self.groups = groups
        self.secondBeta = secondBeta
        self.epsilon = epsilon
        self.decouplesWeightDecay = decouplesWeightDecay
        moments = groups.map { Array(repeating: nil, count: $0.parameters.count) }
    }

    public func step(skipFlag: Tensor? = nil) throws(TorchError) {
        for (index, group) in groups.enumerated() {
            let (places, gradients) = try group.withGradients()
            guard !places.isEmpty else { continue }
            var chosen: [Moments] = []
            for place in places {
                let parameter = group.parameters[place]
                let known = moments[index][place]
                let current = if let known { known } else { try Moments(for: parameter) }
                moments[index][place] = current
                chosen.append(current)
            }
            // The kernel reads the number of the step that it makes.
            let steps = chosen.map(\.step)
            try add(Tensor.ones([], on: steps[0].device), to: steps)
            try update(group, places.map { group.parameters[$0] }, gradients, chosen, skipFlag)
            if let skipFlag { try add(skipFlag, to: steps, scaledBy: -1) }
        }
    }

    private func add(_ scalar: Tensor, to steps: [Tensor], scaledBy scale: Double = 1) throws(TorchError) {
        try check("Adam.step", steps.lend { steps in scalar.lend { ct_foreach_add_(steps, $0, scale) } })
    }

    public func state() -> [(parameter: String, key: String, value: Tensor)] {
        zip(groups, moments).flatMap { group, moments in
            zip(group.names, moments).flatMap { name, moments in
                guard let moments else { return [(parameter: String, key: String, value: Tensor)]() }
                return [(name, "exp_avg", moments.first), (name, "exp_avg_sq", moments.second), (name, "step", moments.step)]
            }
        }
    }

    public var memoryKeys: [String] { ["exp_avg", "exp_avg_sq", "step"] }

    public func restore(_ memory: [String: [String: Tensor]]) throws(TorchError) {
        moments = try groups.map { group throws(TorchError) in
            try zip(group.names, group.parameters).map { name, parameter throws(TorchError) in
                guard let saved = memory[name], let first = saved["exp_avg"], let second = saved["exp_avg_sq"],
                    let step = saved["step"]
                else { return nil }
                let moments = try Moments(for: parameter)  // in the parameter's own layout, which the kernel walks along
                try moments.first.copy(from: first)
                try moments.second.copy(from: second)
                try moments.step.copy(from: step.reshaped([]))
                return moments
            }
        }
    }

    private func update(
        _ group: ParameterGroup, _ parameters: [Tensor], _ gradients: [Tensor], _ moments: [Moments],
        _ skipFlag: Tensor?
    ) throws(TorchError) {
        let status = parameters.lend { parameters in
            gradients.lend { gradients in
                moments.map(\.first).lend { first in
                    moments.map(\.second).lend { second in
                        moments.map(\.step).lend { steps in
                            skipFlag.lend { skipFlag in
                                ct_fused_adam_(
                                    parameters, gradients, first, second, steps, group.learningRate, group.momentum,
                                    secondBeta, group.weightDecay, epsilon, decouplesWeightDecay, CTTensor(), skipFlag)
                            }
                        }
                    }
                }
            }
        }
        try check("Adam.step", status)
    }
}

extension Tensor {
    /// Zeros of the same shape, type, device and layout in memory.
    func zerosLike() throws(TorchError) -> Tensor {
        let zeros = try detached().cloned()
        try zeros.fill(0)
        return zeros
    }
}
