public import PyTorchFile
public import Torch

/// What an optimizer remembers, in the form of PyTorch's `Optimizer.state_dict()`: settings of each group of parameters, and
/// tensors of each parameter by its number.
public struct OptimizerRecord: Sendable {
    /// Settings of a group by PyTorch's names, and the numbers of its parameters.
    public struct Group: Sendable {
        public var settings: PickleDictionary
        public var parameters: [Int]

        public init(settings: PickleDictionary, parameters: [Int]) {
            self.settings = settings
            self.parameters = parameters
        }
    }

    public var groups: [Group]
    /// Tensors by parameter number and name, for example `momentum_buffer`.
    public var memory: [Int: [(name: String, tensor: TensorValue)]]

    public init(groups: [Group], memory: [Int: [(name: String, tensor: TensorValue)]]) {
        self.groups = groups
        self.memory = memory
    }

    /// Reads a checkpoint's `optimizer`; nil where it has none of this form.
    public init?(_ value: PickleValue) {
        guard let groups = value["param_groups"]?.list, let state = value["state"]?.dictionary else { return nil }
        self.groups = []
        for group in groups {
            guard let settings = group.dictionary, let parameters = settings["params"]?.list else { return nil }
            self.groups.append(Group(settings: settings, parameters: parameters.compactMap(\.int)))
        }
        memory = [:]
        for (key, value) in state.entries {
            guard let number = key.int, let entries = value.dictionary?.entries else { continue }
            // A buffer is None before the first step; a step is a plain number in old versions.
            memory[number] = entries.compactMap { key, value in
                guard let name = key.string else { return nil }
                if let tensor = value.tensor { return (name, tensor) }
                return value.double.map { (name, TensorValue(scalar: Float($0))) }
            }
        }
    }

    /// As PyTorch has it.
    public var value: PickleValue {
        let state = memory.sorted { $0.key < $1.key }.map { number, tensors in
            let tensors = tensors.map { ($0.name, PickleValue.tensor($0.tensor)) }
            return (PickleValue.int(number), PickleValue.dictionary(PickleDictionary(tensors)))
        }
        let groups = groups.map { group in
            var settings = group.settings
            settings.updateValue(.list(group.parameters.map(PickleValue.int)), forKey: "params")
            return PickleValue.dictionary(settings)
        }
        return ["state": .dictionary(PickleDictionary(state)), "param_groups": .list(groups)]
    }
}

extension OptimizerRecord {
    /// An optimizer as it is now; tensors are copied.
    /// - Parameters:
    ///   - learningRate: of the epoch to come, which Python's optimizer has after an epoch and goes on with.
    ///   - initialLearningRate: what Python's schedules multiply with their factors (`initial_lr`).
    public init(_ optimizer: any Optimizer, learningRate: Double, initialLearningRate: Double) throws(ModelError) {
        var groups: [Group] = []
        var numbers: [String: Int] = [:]
        for group in optimizer.groups {
            let first = numbers.count
            for (place, name) in group.names.enumerated() { numbers[name] = first + place }
            groups.append(
                Group(
                    settings: Self.settings(of: group, in: optimizer, learningRate, initialLearningRate: initialLearningRate),
                    parameters: Array(first..<first + group.names.count)))
        }
        var memory: [Int: [(name: String, tensor: TensorValue)]] = [:]
        for (parameter, name, tensor) in optimizer.state() {
            guard let number = numbers[parameter] else { preconditionFailure("'\(parameter)' is in no group") }
            let stored = try tensorWork { () throws(TorchError) in try TensorValue(tensor) }
            memory[number, default: []].append((name, stored))
        }
        self.init(groups: groups, memory: memory)
    }

    private static func settings(
        of group: ParameterGroup, in optimizer: any Optimizer, _ learningRate: Double, initialLearningRate: Double
    ) -> PickleDictionary {
        let shared: [(String, PickleValue)] = [
            ("lr", .double(learningRate)), ("weight_decay", .double(group.weightDecay)), ("maximize", false),
            ("foreach", nil), ("initial_lr", .double(initialLearningRate)),
        ]
        switch optimizer {
        case let adam as Adam:
            return PickleDictionary(
                shared + [
                    ("betas", .tuple([.double(group.momentum), .double(adam.secondBeta)])), ("eps", .double(adam.epsilon)),
                    ("amsgrad", false), ("capturable", false),
                ])
        case let sgd as SGD:
            return PickleDictionary(
                shared + [("momentum", .double(group.momentum)), ("dampening", 0), ("nesterov", .bool(sgd.usesNesterov))])
        default:
            return PickleDictionary(shared)
        }
    }

    /// Gives an optimizer of the same groups what this one remembers.
    ///
    /// Learning rates and momenta are not taken over: the schedule knows them.
    /// - Parameter path: the file's name in errors.
    /// - Throws: ``ModelError/checkpoint(path:reason:)`` where groups, shapes or the kind of optimizer differ.
    public func restore(_ optimizer: any Optimizer, from path: String) throws(ModelError) {
        if let reason = misfit(with: optimizer) { throw .checkpoint(path: path, reason: reason) }
        var memory: [String: [String: Tensor]] = [:]
        for (saved, group) in zip(groups, optimizer.groups) {
            for (number, (name, parameter)) in zip(saved.parameters, zip(group.names, group.parameters)) {
                for (key, tensor) in self.memory[number] ?? [] {
                    guard key == "step" ? tensor.count == 1 : tensor.shape == parameter.shape else {
                        throw .checkpoint(
                            path: path,
                            reason: "its '\(key)' of '\(name)' has shape \(tensor.shape), the model's is \(parameter.shape)")
                    }
                    memory[name, default: [:]][key] = try tensorWork { () throws(TorchError) in
                        let restored = try Tensor(tensor)
                        return try (restored.scalarType.isFloatingPoint ? restored.to(.float32) : restored).to(parameter.device)
                    }
                }
            }
        }
        try tensorWork { () throws(TorchError) in try optimizer.restore(memory) }
    }

    /// Why this is not of such an optimizer; nil where it may be.
    private func misfit(with optimizer: any Optimizer) -> String? {
        let (saved, wanted) = (groups.map(\.parameters.count), optimizer.groups.map(\.names.count))
        guard saved == wanted else {
            return "its optimizer has groups of \(saved) parameters, this training has \(wanted)"
        }
        let numbers = Set(groups.flatMap(\.parameters))
        if let stranger = memory.keys.filter({ !numbers.contains($0) }).min() {
            return "its optimizer remembers something of parameter \(stranger), which no group has"
        }
        guard !memory.isEmpty else { return "its optimizer remembers nothing, so the training would not go on as it was" }
        let known = optimizer.memoryKeys
        guard let other = memory.values.map({ $0.map(\.name) }).first(where: { !Set($0).isSuperset(of: known) }) else { return nil }
        return "its optimizer remembers \(other.sorted().joined(separator: ", ")), this one needs \(known.joined(separator: ", ")): "
            + "go on with the --optimizer that the training began with"
    }
}

extension TensorValue {
    /// A single number.
    fileprivate init(scalar: Float) {
        self = withUnsafeBytes(of: scalar) { TensorValue(.float32, shape: [], copying: $0) }
    }
}
