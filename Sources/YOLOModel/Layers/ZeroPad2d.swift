public import PyTorchFile
public import Torch

/// Puts zeros around a map.
///
/// - Input: `[N, C, H, W]`; output: `[N, C, top + H + bottom, left + W + right]`.
/// - Source: `nn.ZeroPad2d`.
public struct ZeroPad2d: SingleInputLayer {
    public let left: Int
    public let right: Int
    public let top: Int
    public let bottom: Int

    public init(left: Int, right: Int, top: Int, bottom: Int) {
        self.left = left
        self.right = right
        self.top = top
        self.bottom = bottom
    }

    public func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor {
        try x.padded([left, right, top, bottom])
    }

    public func visitState(_ visitor: inout StateVisitor) {}

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        FeatureShape(
            channels: input.channels, height: top + input.height + bottom, width: left + input.width + right)
    }

    public func fused() throws(TorchError) -> Self { self }

    public var pythonClass: PythonName { PythonName("torch.nn.modules.padding", "ZeroPad2d") }

    public var pythonAttributes: [PythonAttribute] {
        [("padding", .tuple([left, right, top, bottom].map(PickleValue.int))), ("value", 0.0)]
    }
}

extension ZeroPad2d {
    static let kind = LayerKind("nn.ZeroPad2d", parameters: ["padding"], required: 1) { row throws(ModelError) in
        guard let value = row.argument("padding") else { throw row.fault("padding is missing") }
        let numbers = value.integer.map { [$0, $0, $0, $0] } ?? (value.list ?? []).compactMap(\.integer)
        guard numbers.count == 4, value.list.map({ $0.count == 4 }) ?? true, numbers.allSatisfy((0...255).contains) else {
            throw row.fault(
                "padding must be [left, right, top, bottom], numbers from 0 to 255, or one for all; found \(value.excerpt)")
        }
        return ZeroPad2d(left: numbers[0], right: numbers[1], top: numbers[2], bottom: numbers[3])
    }
}
