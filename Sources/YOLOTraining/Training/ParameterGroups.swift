package import Torch
import YOLOModel

/// The three groups of parameters that the reference trains with settings of their own (`smart_optimizer`).
///
/// Biases warm up from a high learning rate and never decay; weights of convolutions decay; weights of norms do neither.
package struct ParameterGroups {
    package let biases: ParameterGroup
    package let weights: ParameterGroup
    package let norms: ParameterGroup

    /// The order in an optimiser, in checkpoints and in the columns `x/lr0` to `x/lr2`.
    package var inOrder: [ParameterGroup] { [biases, weights, norms] }

    /// - Parameter weightDecay: of the second group, scaled to the batch (`Hyperparameters.weightDecay(batchSize:)`).
    package init(_ entries: [StateEntry], _ hyperparameters: Hyperparameters, weightDecay: Double) {
        // A weight belongs to a norm if its layer keeps running statistics.
        let normPrefixes = Set(entries.compactMap { $0.name.removingSuffix("running_mean") })
        var named: (biases: [Named], weights: [Named], norms: [Named]) = ([], [], [])
        for entry in entries where entry.role == .parameter {
            let parameter = (name: entry.name, tensor: entry.tensor)
            if entry.name.hasSuffix(".bias") {
                named.biases.append(parameter)
            } else if let prefix = entry.name.removingSuffix("weight"), normPrefixes.contains(prefix) {
                named.norms.append(parameter)
            } else {
                named.weights.append(parameter)
            }
        }
        func group(_ parameters: [Named], decay: Double = 0) -> ParameterGroup {
            ParameterGroup(
                parameters, learningRate: hyperparameters.initialLearningRate, momentum: hyperparameters.momentum,
                weightDecay: decay)
        }
        biases = group(named.biases)
        weights = group(named.weights, decay: weightDecay)
        norms = group(named.norms)
    }

    private typealias Named = (name: String, tensor: Tensor)

    /// `60 biases, 60 weights (decay 0.0005), 57 norm weights`
    var summary: String {
        "\(biases.names.count) biases, \(weights.names.count) weights (decay \(weights.weightDecay)), "
            + "\(norms.names.count) norm weights"
    }
}

extension TrainingOptions.OptimizerKind {
    package func optimizer(_ groups: ParameterGroups) -> any Optimizer {
        switch self {
        case .sgd: SGD(groups.inOrder)
        case .adam: Adam(groups.inOrder, decouplesWeightDecay: false)
        case .adamW: Adam(groups.inOrder, decouplesWeightDecay: true)
        }
    }

    /// Whether warm-up moves the momentum: only SGD has one, the first beta of Adam stays as it is.
    package var warmsUpMomentum: Bool { self == .sgd }
}

extension Optimizer {
    /// Sets what the schedule says for the coming iteration.
    package func apply(_ rates: Schedule.Rates, warmsUpMomentum: Bool) {
        for index in groups.indices {
            groups[index].learningRate = index == 0 ? rates.biasLearningRate : rates.learningRate
            if warmsUpMomentum { groups[index].momentum = rates.momentum }
        }
    }
}
