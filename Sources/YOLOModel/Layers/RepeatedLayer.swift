import Torch

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
        cost.addModule()
        var shape = try layers[0].measure(inputs, &cost)
        for layer in layers.dropFirst() { shape = try layer.measure([shape], &cost) }
        return shape
    }

    func fused() throws(TorchError) -> Self {
        var fused: [any ModelLayer] = []
        for layer in layers { fused.append(try layer.fused()) }
        return Self(fused)
    }
}
