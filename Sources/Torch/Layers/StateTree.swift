/// One tensor of a network under its full name, for example `model.0.conv.weight`.
public struct StateEntry {
    public enum Role: Hashable, Sendable {
        /// Learnt by the optimizer.
        case parameter
        /// Kept with the model but not learnt: running statistics, anchors.
        case buffer
    }

    public let name: String
    public let tensor: Tensor
    public let role: Role
}

/// A part of a network with all that it holds: a module in PyTorch's words.
public struct StateTree {
    public let part: any StateHolder
    /// In the order of registration; nil for one that this form of the part goes without, such as a bias.
    public let parameters: [(name: String, tensor: Tensor?)]
    public let buffers: [(name: String, tensor: Tensor)]
    public let children: [(name: String, tree: StateTree)]

    /// Parts, this one included.
    public var count: Int { children.reduce(1) { $0 + $1.tree.count } }

    /// The order of `state_dict`: parameters, then buffers, then the same of each child.
    func append(to entries: inout [StateEntry], prefix: String) {
        for case (let name, let tensor?) in parameters {
            entries.append(StateEntry(name: prefix + name, tensor: tensor, role: .parameter))
        }
        for (name, tensor) in buffers {
            entries.append(StateEntry(name: prefix + name, tensor: tensor, role: .buffer))
        }
        for (name, child) in children { child.append(to: &entries, prefix: prefix + name + ".") }
    }
}

/// Collects what a part holds; see ``StateHolder/visitState(_:)``.
public struct StateVisitor {
    private(set) var parameters: [(name: String, tensor: Tensor?)] = []
    private(set) var buffers: [(name: String, tensor: Tensor)] = []
    private(set) var children: [(name: String, tree: StateTree)] = []

    init() {}

    /// - Parameter tensor: nil where this form of the part goes without; Python has None there.
    public mutating func parameter(_ name: String, _ tensor: Tensor?) { parameters.append((name, tensor)) }
    public mutating func buffer(_ name: String, _ tensor: Tensor) { buffers.append((name, tensor)) }
    public mutating func visit(_ name: String, _ part: some StateHolder) { children.append((name, part.stateTree())) }
}
