public import PyTorchFile
public import Torch

/// Layers one after the other, named `0`, `1`, … in the state: the inside of a `C3`, for one.
public struct LayerSequence<Element: SingleInputLayer>: SingleInputLayer {
    public let layers: [Element]

    public init(_ layers: [Element]) { self.layers = layers }

    /// So many layers, each made anew.
    init(repeating count: Int, _ make: () throws(TorchError) -> Element) throws(TorchError) {
        var layers: [Element] = []
        for _ in 0..<count { layers.append(try make()) }
        self.layers = layers
    }

    public func callAsFunction(_ x: Tensor, _ phase: Phase) throws(TorchError) -> Tensor {
        var x = x
        for layer in layers { x = try layer(x, phase) }
        return x
    }

    public func visitState(_ visitor: inout StateVisitor) {
        for (index, layer) in layers.enumerated() { visitor.visit("\(index)", layer) }
    }

    public func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        var shape = input
        for layer in layers { shape = try layer.measure(shape, &cost) }
        return shape
    }

    public func fused() throws(TorchError) -> Self {
        var fused: [Element] = []
        for layer in layers { fused.append(try layer.fused()) }
        return Self(fused)
    }

    public var pythonClass: PythonName { .sequential }
}

/// A row whose layer stands several times in a row, named `0`, `1`, … in the state.
struct RepeatedLayer: ModelLayer {
    let layers: [any ModelLayer]

    init(_ layers: [any ModelLayer]) { self.layers = layers }

    func callAsFunction(_ inputs: [Tensor], _ phase: Phase) throws(TorchError) -> Tensor {
        var x = try layers[0](inputs, phase)
        for layer in layers.dropFirst() { x = try layer([x], phase) }
        return x
    }

    func visitState(_ visitor: inout StateVisitor) {
        for (index, layer) in layers.enumerated() { visitor.visit("\(index)", layer) }
    }

    func measure(_ inputs: [FeatureShape], _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        var shape = try layers[0].measure(inputs, &cost)
        for layer in layers.dropFirst() {
            try shape.checkSize()
            shape = try layer.measure([shape], &cost)
        }
        return shape
    }

    func fused() throws(TorchError) -> Self {
        var fused: [any ModelLayer] = []
        for layer in layers { fused.append(try layer.fused()) }
        return Self(fused)
    }

    var pythonClass: PythonName { .sequential }
}
