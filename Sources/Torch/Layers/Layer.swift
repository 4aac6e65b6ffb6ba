/// Whether a layer learns from the batch or applies what it has learnt.
public enum Phase: Hashable, Sendable {
    /// Batch normalisation uses the statistics of the batch and moves its running ones.
    case training
    /// Running statistics; nothing changes.
    case inference
}

/// A part of a network: it holds tensors under the names that PyTorch's `state_dict` gives them.
public protocol StateHolder {
    /// Names every parameter, buffer and part, in the order in which the reference registers them.
    func visitState(_ visitor: inout StateVisitor)
}

/// A network part from one tensor to one tensor.
public protocol Layer: StateHolder {
    func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor
}

extension StateHolder {
    /// This part with its tensors and its own parts: PyTorch's tree of modules.
    public func stateTree() -> StateTree {
        var visitor = StateVisitor()
        visitState(&visitor)
        return StateTree(
            part: self, parameters: visitor.parameters, buffers: visitor.buffers, children: visitor.children)
    }

    /// All tensors, in the order of the reference's `state_dict`.
    public func stateEntries() -> [StateEntry] {
        var entries: [StateEntry] = []
        stateTree().append(to: &entries, prefix: "")
        return entries
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
