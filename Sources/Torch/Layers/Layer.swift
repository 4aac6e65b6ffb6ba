/// Whether a layer learns from the batch or applies what it has learnt.
public enum Phase: Hashable, Sendable {
    /// Batch normalisation uses the statistics of the batch and moves its running ones.
    case training
    /// Running statistics; nothing changes.
    case inference
}

/// A part of a network: it holds tensors under the names that PyTorch's `state_dict` gives them.
public protocol StateHolder {
    /// Names every parameter, buffer and sub-layer, in the order of the reference's `state_dict`.
    func visitState(_ visitor: inout StateVisitor)
}

/// A network part from one tensor to one tensor.
public protocol Layer: StateHolder {
    func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor
}

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

/// Walks a network and collects its tensors with their names.
public struct StateVisitor {
    public private(set) var entries: [StateEntry] = []
    private var path: [String] = []

    public init() {}

    public mutating func parameter(_ name: String, _ tensor: Tensor) { add(name, tensor, .parameter) }
    public mutating func buffer(_ name: String, _ tensor: Tensor) { add(name, tensor, .buffer) }

    public mutating func visit(_ name: String, _ part: some StateHolder) {
        path.append(name)
        part.visitState(&self)
        path.removeLast()
    }

    private mutating func add(_ name: String, _ tensor: Tensor, _ role: StateEntry.Role) {
        entries.append(StateEntry(name: (path + [name]).joined(separator: "."), tensor: tensor, role: role))
    }
}

extension StateHolder {
    /// All tensors, in the order of the reference's `state_dict`.
    public func stateEntries() -> [StateEntry] {
        var visitor = StateVisitor()
        visitState(&visitor)
        return visitor.entries
    }

    /// The tensors that learn, in the same order.
    public func parameters() -> [Tensor] { stateEntries().filter { $0.role == .parameter }.map(\.tensor) }

    /// Moves all tensors to a device, under their identity.
    public func move(to device: Device) throws(TorchError) {
        for entry in stateEntries() { try entry.tensor.replaceData(with: entry.tensor.detached().to(device)) }
    }

    /// Lays the weights of convolutions out as channels-last kernels want them.
    public func useChannelsLast() throws(TorchError) {
        for entry in stateEntries() where entry.role == .parameter && entry.tensor.dimensions == 4 {
            try entry.tensor.replaceData(with: entry.tensor.detached().contiguous(.channelsLast))
        }
    }
}
