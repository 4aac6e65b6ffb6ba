import Foundation
import Torch

/// What a network is made of, as the summary line tells it.
public struct ModelSummary: Hashable, Sendable, CustomStringConvertible {
    /// `YOLOv5s`, from the file's name.
    public var name: String
    /// All modules, down to activations (270 for yolov5n), as YOLOv5 v6.2 prints them.
    public var layers: Int
    public var parameters: Int
    /// Parameters that learn.
    public var gradients: Int
    /// 10^9 floating point operations for one image, two a multiply-accumulate.
    public var gigaFLOPs: Double

    public var description: String {
        let operations = String(format: "%.1f", gigaFLOPs)
        return "\(name) summary: \(layers) layers, \(parameters) parameters, \(gradients) gradients, \(operations) GFLOPs"
    }
}

extension DetectionModel {
    /// Counts layers, parameters and operations, without running the network.
    /// - Parameter imageSize: height and width in pixels. Operations are those of one tile of ``largestStride`` pixels (at
    ///   least 32), multiplied by the number of tiles, as the reference counts them.
    public func summary(imageSize: (height: Int, width: Int) = (640, 640)) -> ModelSummary {
        let (tile, cost) = tileCost
        let tiles = Double(imageSize.height) / Double(tile) * (Double(imageSize.width) / Double(tile))
        let parameters = parameters()
        return ModelSummary(
            name: configuration.displayName,
            layers: stateTree().count,
            parameters: parameters.reduce(0) { $0 + $1.count },
            gradients: parameters.reduce(0) { $0 + ($1.requiresGradient ? $1.count : 0) },
            gigaFLOPs: 2e-9 * cost.multiplyAccumulates * tiles)
    }

    /// The side of a tile and the work for it. What does not take a tile of its own stride takes the image that it was built on.
    private var tileCost: (side: Int, cost: ModelCost) {
        for side in [largestStride, LayerGraph.probeSize] {
            if let cost = try? cost(height: side, width: side) { return (side, cost) }
        }
        preconditionFailure("\(configuration.source) does not take the image that it was built on")
    }

    /// The work for one image.
    /// - Throws: for an image that the layers do not take.
    public func cost(height: Int, width: Int) throws(ShapeError) -> ModelCost {
        var cost = ModelCost()
        let image = FeatureShape(channels: configuration.inputChannels, height: height, width: width)
        let shapes = try graph.measure(image, &cost)
        try head.measure(headSources.map { shapes[$0] }, &cost)
        return cost
    }

    /// Makes sure that the layers take square images of this side.
    /// - Throws: ``ModelError/configuration(_:)`` with what does not fit.
    public func checkImageSize(_ side: Int) throws(ModelError) {
        do {
            _ = try cost(height: side, width: side)
        } catch {
            throw .configuration(
                ConfigurationError(
                    source: configuration.source, message: "the model does not take images of \(side) pixels: \(error.message)"))
        }
    }
}
