/// A nonlinearity without parameters.
public enum Activation: Hashable, Sendable, Layer {
    case identity
    /// x sigmoid(x): YOLOv5's own.
    case silu
    case relu
    case leakyReLU(slope: Double)
    case hardswish
    case mish
    case sigmoid

    public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
        switch self {
        case .identity: x
        case .silu: try x.silu()
        case .relu: try x.relu()
        case .leakyReLU(let slope): try x.leakyReLU(slope: slope)
        case .hardswish: try x.hardswish()
        case .mish: try x.mish()
        case .sigmoid: try x.sigmoid()
        }
    }

    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor { try self(x) }

    public func visitState(_ visitor: inout StateVisitor) {}
}
