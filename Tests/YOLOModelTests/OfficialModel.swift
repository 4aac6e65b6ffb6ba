import Foundation
import GoldenFixtures
import Torch
@testable import YOLOModel

/// The official yolov5n and the fixtures' images as it takes them.
enum OfficialModel {
    static let path = Fixtures.weights.appendingPathComponent("yolov5n.pt").path

    static func make() throws -> DetectionModel {
        let model = try DetectionModel(Checkpoint(path: path))
        try model.useChannelsLast()
        return model
    }

    /// `[N, 3, H, W]`, 0...1, channels-last, from bytes of the same shape.
    static func images(_ tensor: GoldenTensor) throws -> Tensor {
        try Tensor(tensor.uint8.map { Float($0) / 255 }, shape: tensor.shape).contiguous(.channelsLast)
    }
}
