import Torch

/// The layers that a model's YAML may name. ``standard`` holds those of YOLOv5; see ``LayerKind`` for adding your own.
///
/// The head, `Detect`, is no entry: it is what a ``DetectionModel`` ends with.
public struct LayerRegistry: Sendable {
    private var kinds: [String: LayerKind]

    public init(_ kinds: [LayerKind] = []) {
        self.kinds = Dictionary(kinds.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// Adds a kind of layer, in place of one of the same name.
    public mutating func register(_ kind: LayerKind) { kinds[kind.name] = kind }

    public subscript(name: String) -> LayerKind? { kinds[name] }
    public var names: [String] { kinds.keys.sorted() }

    /// The layers of YOLOv5.
    public static let standard = LayerRegistry(
        [
            Conv.kind, DWConv.kind, Focus.kind, GhostConv.kind, MixConv2d.kind, CrossConv.kind,
            TransposedConvolution.kind, TransposedConvolution.depthwiseKind, Normalization.kind,
            Bottleneck.kind, BottleneckCSP.kind, GhostBottleneck.kind, SPP.kind, SPPF.kind, MaxPool2d.kind,
            ZeroPad2d.kind, Upsample.kind, Contract.kind, Expand.kind, Concat.kind, Sum.kind,
        ] + C3Kinds.all)
}
