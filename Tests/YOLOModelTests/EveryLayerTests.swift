import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
import Torch
@testable import YOLOModel

/// One network that names every layer there is.
@Suite("Every layer together")
struct EveryLayerTests {
    private static let yaml = """
        nc: 2
        depth_multiple: 1.0
        width_multiple: 1.0
        anchors:
          - [10,13, 16,30]
        backbone:
          - [-1, 1, Focus, [16, 3]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, DWConv, [16, 3]]
          - [-1, 1, GhostConv, [16, 3]]
          - [-1, 1, CrossConv, [16, 3, 1, 1, 1.0, true]]
          - [-1, 1, MixConv2d, [16, [1, 3]]]
          - [-1, 2, BottleneckCSP, [16]]
          - [-1, 2, Bottleneck, [16]]
          - [-1, 1, C3, [16]]
          - [-1, 1, C3x, [16]]
          - [-1, 1, C3Ghost, [16]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, C3SPP, [16, [3, 5]]]
          - [-1, 1, SPP, [16, [3, 5]]]
          - [-1, 1, C3TR, [16]]
          - [-1, 1, GhostBottleneck, [16, 3, 2]]
          - [-1, 1, nn.BatchNorm2d, []]
          - [-1, 1, SPPF, [16, 3]]
          - [-1, 1, nn.ConvTranspose2d, [16, 2, 2]]
          - [[-1, 14], 1, Sum, [2, true]]
          - [-1, 1, DWConvTranspose2d, [16, 2, 2]]
          - [-1, 1, nn.MaxPool2d, [2, 2]]
          - [-1, 1, Contract, [2]]
          - [-1, 1, Expand, [2]]
          - [-1, 1, nn.ZeroPad2d, [[0, 1, 0, 1]]]
          - [-1, 1, nn.MaxPool2d, [2, 1]]
          - [-1, 1, nn.Upsample, [null, 2, nearest]]
        head:
          - [[-1, 2], 1, Concat, [1]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [[-1], 1, Detect, [nc, anchors]]
        """

    private func model() throws -> DetectionModel {
        Runtime.seed(5)
        return try DetectionModel(ModelConfiguration(yaml: Self.yaml, source: "every.yaml"))
    }

    @Test("It names every registered layer, and its text survives being written out")
    func names() throws {
        let configuration = try ModelConfiguration(yaml: Self.yaml, source: "every.yaml")
        #expect(Set(configuration.rows.map(\.kind)) == Set(LayerRegistry.standard.names + ["Detect"]))
        #expect(try ModelConfiguration(yaml: configuration.yaml, source: "every.yaml") == configuration)
    }

    @Test("Every parameter learns")
    func learns() throws {
        let model = try model()
        try model.useChannelsLast()
        let images = try Tensor.uniform([2, 3, 64, 96]).contiguous(.channelsLast)
        let output = try model(images, .training).levels[0].output
        #expect(output.shape == [2, 14, 8, 12])
        try output.pow(2).sum().backward()
        for entry in model.stateEntries() where entry.role == .parameter {
            let gradient = try #require(try entry.tensor.gradient(), "\(entry.name) has no gradient")
            #expect(try gradient.isFinite().all().item() == 1, "\(entry.name)")
        }
    }

    @Test("Folded, and in half precision, it finds what it finds in float32", arguments: [ScalarType.float32, .bfloat16])
    func folded(type: ScalarType) throws {
        let model = try model()
        let images = try Tensor.uniform([1, 3, 64, 64])
        let expected = try model.predictions(for: images)
        let fused = try model.fused(as: type)
        let found = try fused.predictions(for: images)
        func largestDifference(_ first: Int, _ length: Int) throws -> Double {
            let difference = try (found - expected).abs().narrowed(axis: 2, start: first, length: length)
            return try difference.max().item()
        }
        // Places in pixels, scores in 0...1; bfloat16 keeps 8 bits of a number.
        #expect(try largestDifference(0, 4) < (type == .float32 ? 1e-3 : 1))
        #expect(try largestDifference(4, 3) < (type == .float32 ? 1e-5 : 0.02))
        #expect(model.parameters().allSatisfy { $0.scalarType == .float32 })
        #expect(try fused.fused(as: .float32).parameters().allSatisfy { $0.scalarType == .float32 })
    }

    @Test("It goes to a file in Python's form and comes back to the same numbers")
    func roundTrip() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("every.pt").path
        let model = try model()
        try Checkpoint(model: model).write(to: path)
        let back = try DetectionModel(Checkpoint(path: path))
        for (ours, expected) in zip(back.stateEntries(), model.stateEntries()) {
            #expect(ours.name == expected.name)
            #expect(try ours.tensor.detached().array(of: Double.self) == expected.tensor.detached().array(of: Double.self))
        }
    }

    @Test("What its rows need of an image is known: multiples of the deepest row's stride")
    func deepest() throws {
        let rows = String(repeating: "  - [-1, 1, Conv, [8, 3, 2]]\n", count: 6)
        let text = """
            nc: 2
            depth_multiple: 1.0
            width_multiple: 1.0
            anchors:
              - [10,13, 16,30]
            backbone:
            \(rows)head:
              - [-1, 1, nn.Upsample, [null, 2, nearest]]
              - [[-1, 4], 1, Concat, [1]]
              - [[7], 1, Detect, [nc, anchors]]
            """
        let model = try DetectionModel(ModelConfiguration(yaml: text, source: "deep.yaml"))
        #expect(model.strides == [32] && model.largestStride == 64)
        #expect(model.summary().gigaFLOPs > 0)
        #expect(throws: ModelError.self) { try model.checkImageSize(96) }
        try model.checkImageSize(128)
    }
}
