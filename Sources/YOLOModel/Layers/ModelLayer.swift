public import Torch

/// A layer that a row of a model's YAML can name.
///
/// It knows how to run, what its state is called in a checkpoint, and what it makes of a shape. The shape rule finds the
/// channels of the next row, the strides of the head and the GFLOPs, and refuses what does not fit, all without a tensor.
public protocol ModelLayer: PythonModule {
    /// Runs on the outputs of the rows that the YAML names as `from`, each `[N, C, H, W]`.
    func callAsFunction(_ inputs: [Tensor], _ phase: Phase) throws(TorchError) -> Tensor

    /// The shape of the output for such inputs; counts the work into `cost`.
    func measure(_ inputs: [FeatureShape], _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape

    /// The same layer for inference, with batch normalizations folded into their convolutions; weights are new tensors.
    func fused() throws(TorchError) -> Self
}

/// A layer with one input, which is most of them; it can be a part of another layer.
public protocol SingleInputLayer: ModelLayer, Layer {
    /// The shape of the output for this input; counts the work into `cost`.
    func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape
}

extension SingleInputLayer {
    public func callAsFunction(_ inputs: [Tensor], _ phase: Phase) throws(TorchError) -> Tensor {
        try self(inputs[0], phase)
    }

    public func measure(_ inputs: [FeatureShape], _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape {
        guard inputs.count == 1 else { throw ShapeError("takes one input, found \(inputs.count)") }
        return try measure(inputs[0], &cost)
    }
}
