import CTorch

/// Parameters that share their settings.
public struct ParameterGroup {
    /// Names in the model's state, in the order of `parameters`.
    public let names: [String]
    public let parameters: [Tensor]
    public var learningRate: Double
    /// Momentum of SGD; the first beta of Adam.
    public var momentum: Double
    public var weightDecay: Double

    public init(
        _ named: [(name: String, tensor: Tensor)], learningRate: Double, momentum: Double, weightDecay: Double = 0
    ) {
        names = named.map(\.name)
        parameters = named.map(\.tensor)
        self.learningRate = learningRate
        self.momentum = momentum
        self.weightDecay = weightDecay
    }
}

/// Changes parameters by their gradients.
public protocol Optimizer: AnyObject {
    var groups: [ParameterGroup] { get set }

    /// One step with the gradients that the parameters hold; parameters without a gradient stay as they are.
    /// - Parameter skipFlag: where this float32 scalar is 1 on the device, nothing changes (`GradientScaler.skipFlag`).
    func step(skipFlag: Tensor?) throws(TorchError)

    /// What the optimizer remembers of each parameter, by the parameter's name and the memory's, for checkpoints.
    func state() -> [(parameter: String, key: String, value: Tensor)]

    /// The keys that ``state()`` has of a parameter that has taken a step.
    var memoryKeys: [String] { get }

    /// Goes on from what another optimizer of this kind remembered.
    /// - Parameter memory: by the parameter's name and the key, on the parameter's device; a parameter that is missing has
    ///   not taken a step yet.
    func restore(_ memory: [String: [String: Tensor]]) throws(TorchError)
}

extension Optimizer {
    public var parameters: [Tensor] { groups.flatMap(\.parameters) }

    /// The gradients that there are, in the order of the parameters.
    public func gradients() throws(TorchError) -> [Tensor] {
        var gradients: [Tensor] = []
        for parameter in parameters {
            if let gradient = try parameter.gradient() { gradients.append(gradient) }
        }
        return gradients
    }

    public func clearGradients() throws(TorchError) {
        for parameter in parameters { try parameter.setGradient(nil) }
    }
}

extension ParameterGroup {
    /// The parameters that have a gradient: their places in the group, and their gradients.
    func withGradients() throws(TorchError) -> (places: [Int], gradients: [Tensor]) {
        var places: [Int] = []
        var gradients: [Tensor] = []
        for (place, parameter) in parameters.enumerated() {
            guard let gradient = try parameter.gradient() else { continue }
            places.append(place)
            gradients.append(gradient)
        }
        return (places, gradients)
    }
}

/// Scales gradients in place so that their joint Euclidean norm is at most `maximum`.
/// - Returns: the norm before, still on the device.
@discardableResult
public func clipGradients(_ gradients: [Tensor], maximumNorm maximum: Double) throws(TorchError) -> Tensor {
    try Tensor.make("clipGradients") { out in gradients.lend { ct_clip_grad_norm_(out, $0, maximum) } }
}

/// Moves each average towards its value: `average = decay * average + (1 - decay) * value`.
public func decayAverages(_ averages: [Tensor], towards values: [Tensor], decay: Double) throws(TorchError) {
    precondition(averages.count == values.count, "each average needs its value")
    try check("decayAverages", averages.lend { x in values.lend { ct_foreach_decay_(x, $0, decay) } })
}
