/// A kind of layer under the name that YAML rows use, and how one is made from a row's arguments.
///
/// A layer of your own, in one place:
/// ```swift
/// var registry = LayerRegistry.standard
/// registry.register(
///     LayerKind("Shuffle", parameters: ["channels", "groups"], required: 1) { row throws(ModelError) in
///         let groups = try row.integer("groups", in: 1...64, default: 2)
///         let (inChannels, outChannels) = (try row.inputChannels, try row.outputChannels)
///         return try row.making { () throws(TorchError) in try Shuffle(inChannels, outChannels, groups: groups) }
///     })
/// let model = try DetectionModel(configuration, registry: registry)
/// ```
public struct LayerKind: Sendable {
    public typealias Maker = @Sendable (LayerRow) throws(ModelError) -> any ModelLayer

    public let name: String
    /// What the arguments are called, in their order; errors use these names.
    public let parameters: [String]
    /// How many of them a row must have.
    public let requiredCount: Int
    /// Whether the layer repeats its inside, as `C3` does; every other kind is put several times in a row.
    public let repeatsInside: Bool
    let make: Maker

    public init(
        _ name: String, parameters: [String], required: Int, repeatsInside: Bool = false, make: @escaping Maker
    ) {
        self.name = name
        self.parameters = parameters
        requiredCount = required
        self.repeatsInside = repeatsInside
        self.make = make
    }
}
