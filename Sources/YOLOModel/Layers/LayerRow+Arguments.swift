public import Torch

// Arguments that several kinds of layers take.
extension LayerRow {
    /// A side for both directions, or a list of height and width.
    public func extent(
        _ name: String, in range: ClosedRange<Int>, default fallback: Extent? = nil
    ) throws(ModelError) -> Extent {
        guard let value = argument(name) else {
            guard let fallback else { throw fault("\(name) is missing") }
            return fallback
        }
        let sides = value.integer.map { [$0, $0] } ?? (value.list ?? []).compactMap(\.integer)
        guard sides.count == 2, value.list.map({ $0.count == 2 }) ?? true, sides.allSatisfy(range.contains) else {
            throw fault(
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), or two for height and width; "
                    + "found \(value.excerpt)")
        }
        return Extent(height: sides[0], width: sides[1])
    }

    /// The argument `groups`, which must divide both numbers of channels.
    public func groups(_ inChannels: Int, _ outChannels: Int) throws(ModelError) -> Int {
        let groups = try integer("groups", in: 1...(1 << 16), default: 1)
        guard inChannels.isMultiple(of: groups), outChannels.isMultiple(of: groups) else {
            throw fault("groups must divide \(inChannels) and \(outChannels) channels, found \(groups)")
        }
        return groups
    }

    /// The argument `expansion`, which must leave at least one channel inside.
    public func expansion(_ outChannels: Int, default fallback: Double = 0.5) throws(ModelError) -> Double {
        let expansion = try number("expansion", default: fallback)
        guard expansion <= 8, Double(outChannels) * expansion >= 1 else {
            throw fault("expansion must leave a channel and be at most 8, found \(expansion)")
        }
        return expansion
    }

    /// The model's activation, none where the argument is `False`, or the one that it names.
    public func activation(_ name: String) throws(ModelError) -> Activation {
        guard let value = argument(name) else { return activation }
        if let isOn = value.boolean { return isOn ? activation : .identity }
        guard let text = value.text, let named = Activation(python: text) else {
            throw fault("\(name) must be true, false, or one of \(Activation.pythonNames); found \(value.excerpt)")
        }
        return named
    }

    /// The arguments `dilation` and `activation`.
    ///
    /// v6.2 has no dilation, later versions put it before the activation: what is no number there is the activation.
    func dilationAndActivation() throws(ModelError) -> (dilation: Int, activation: Activation) {
        if let value = argument("dilation"), value.number == nil { return (1, try activation("dilation")) }
        return (try integer("dilation", in: 1...255, default: 1), try activation("activation"))
    }

    /// The arguments as the reference passes them on: a layer that names its output's channels gets those of its input before
    /// and the scaled number of its own, and one that repeats its inside the number of repeats.
    func resolvedArguments(_ output: FeatureShape) -> [ConfigurationValue] {
        guard kind.parameters.first == "channels", kind.requiredCount > 0 else {
            return kind.parameters == ["channels"] ? inputs.map { ConfigurationValue(.integer($0.channels)) } : arguments
        }
        let channels = [inputs[0].channels, output.channels] + (kind.repeatsInside ? [repeats] : [])
        return channels.map { ConfigurationValue(.integer($0)) } + arguments.dropFirst()
    }
}
