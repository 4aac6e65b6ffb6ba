import Foundation
import Testing
import Torch
@testable import YOLOModel

@Suite("Detection head")
struct DetectHeadTests {
    @Test("Biases start where background is expected")
    func biases() throws {
        Runtime.seed(1)
        let head = try DetectHead(classCount: 3, channels: [16], strides: [8], anchors: [[10, 13, 16, 30]])
        let bias: [Float] = try #require(head.convolutions[0].bias).array()
        let objectness = Float(log(8 / (80.0 * 80.0)))
        let classes = Float(log(0.6 / (3 - 0.999999)))
        for anchor in 0..<2 {
            let values = bias[8 * anchor..<8 * anchor + 8].map { $0 }
            for place in values[0..<4] { #expect(abs(place) <= 0.25) }  // PyTorch's own start: 1 / sqrt(16)
            #expect(abs(values[4] - objectness) <= 0.25)
            for score in values[5...] { #expect(abs(score - classes) <= 0.25) }
        }
    }

    @Test("Anchors that are listed from large to small are turned round")
    func anchorOrder() throws {
        let small = [8.0, 8, 16, 16]
        let large = [64.0, 64, 128, 128]
        for anchors in [[small, large], [large, small]] {
            let head = try DetectHead(classCount: 1, channels: [8, 8], strides: [8, 32], anchors: anchors)
            #expect(try head.anchors.array(of: Float.self) == [1, 1, 2, 2, 2, 2, 4, 4])
        }
    }

    @Test("Other anchors are taken by the head, the configuration and every copy, in the order of the strides")
    func otherAnchors() throws {
        var model = try SmallModels.pyramid(levels: 2)  // strides 16 and 32
        let buffer = model.head.anchors
        try model.setAnchors([[64, 32, 96, 64], [16, 8, 32, 16]])
        #expect(try buffer.array(of: Float.self) == [1, 0.5, 2, 1, 2, 1, 3, 2])
        #expect(model.configuration.anchors == .pixels([[64, 32, 96, 64], [16, 8, 32, 16]]))
        let copy = try model.copied()
        #expect(copy.configuration == model.configuration)
        #expect(try copy.anchorsInPixels()?.map { $0.map(\.width) } == [[16, 32], [64, 96]])
        #expect(try DetectionModel(model.configuration).anchorsInPixels()?.map { $0.map(\.height) } == [[8, 16], [32, 64]])
    }

    @Test("A model that leaves anchors to the data has none until it is given some")
    func placeholders() throws {
        var configuration = try SmallModels.pyramid(levels: 2).configuration
        configuration.anchors = .count(1)
        var model = try DetectionModel(configuration)
        #expect(try model.anchorsInPixels() == nil)
        try model.setAnchors([[4, 4], [8, 8]])
        #expect(try model.anchorsInPixels()?.count == 2)
    }

    @Test("A raw output of zero is the anchor at the middle of its cell")
    func decoding() throws {
        let head = try DetectHead(classCount: 1, channels: [8], strides: [8], anchors: [[10, 14]])
        let level = HeadLevel(output: try Tensor.zeros([1, 6, 2, 3]), anchorCount: 1)
        let rows: [Float] = try head.decoded([level]).array()
        #expect(Array(rows[0..<6]) == [4, 4, 10, 14, 0.5, 0.5])
        #expect(Array(rows[6..<12]) == [12, 4, 10, 14, 0.5, 0.5])
        #expect(Array(rows[30..<36]) == [20, 12, 10, 14, 0.5, 0.5])
    }
}
