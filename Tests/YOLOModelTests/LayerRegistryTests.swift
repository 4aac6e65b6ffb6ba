import Foundation
import PyTorchFile
import Testing
import Torch
@testable import YOLOModel

/// A layer such as a user of the package would add: a learnt factor for each channel.
private struct ChannelScale: SingleInputLayer {
    let factor: Tensor

    private init(factor: Tensor) { self.factor = factor }

    init(channels: Int) throws(TorchError) {
        factor = try Tensor.ones([channels])
        try factor.requireGradient()
    }

    func callAsFunction(_ x: Tensor, _: Phase) throws(TorchError) -> Tensor { try x * factor.reshaped([1, -1, 1, 1]) }
    func visitState(_ visitor: inout StateVisitor) { visitor.parameter("factor", factor) }
    func measure(_ input: FeatureShape, _ cost: inout ModelCost) throws(ShapeError) -> FeatureShape { input }
    func fused() throws(TorchError) -> Self { Self(factor: try factor.copiedLeaf()) }  // weights of its own
}

@Suite("Layer registry")
struct LayerRegistryTests {
    @Test("A user's own layer is added in one place")
    func ownLayer() throws {
        var registry = LayerRegistry.standard
        registry.register(
            LayerKind("ChannelScale", parameters: [], required: 0) { row throws(ModelError) in
                let channels = try row.inputChannels
                return try row.making { () throws(TorchError) in try ChannelScale(channels: channels) }
            })
        let yaml = ModelConfigurationTests.small.replacingOccurrences(of: "C3, [8]", with: "ChannelScale, []")
        let configuration = try ModelConfiguration(yaml: yaml, source: "own.yaml")
        let model = try DetectionModel(configuration, registry: registry)
        let names = model.stateEntries().map(\.name)
        // The row repeats, so its two layers are numbered.
        #expect(names.contains("model.1.0.factor") && names.contains("model.1.1.factor"))
        let output = try model(Tensor.zeros([1, 3, 64, 64]), .training)
        #expect(output.levels[0].output.shape == [1, 2 * 7, 32, 32])
        #expect(throws: ModelError.self) { _ = try DetectionModel(configuration) }

        // Another type is for the copy alone; the class in a checkpoint is the type's name.
        let half = try model.fused(as: .bfloat16)
        #expect(half.parameters().allSatisfy { $0.scalarType == .bfloat16 })
        #expect(model.parameters().allSatisfy { $0.scalarType == .float32 })
        let stored = try StoredModel(model, isTraining: true)
        let rows = stored.module?["_modules"]?["model"]?["_modules"]
        #expect("\(rows?["1"]?["_modules"]?["0"]?.object?.type.description ?? "")" == "models.common.ChannelScale")
    }

    @Test("The key `activation` changes every Conv")
    func activation() throws {
        let yaml = ModelConfigurationTests.small + "\nactivation: nn.LeakyReLU(0.1)\n"
        let model = try DetectionModel(ModelConfiguration(yaml: yaml, source: "leaky.yaml"))
        let conv = try #require(model.graph.nodes[0].layer as? Conv)
        #expect(conv.activation == .leakyReLU(slope: 0.1))
        let c3 = try #require(model.graph.nodes[1].layer as? C3<LayerSequence<Bottleneck>>)
        #expect(c3.inner.layers.allSatisfy { $0.expand.activation == .leakyReLU(slope: 0.1) })

        let wrong = ModelConfigurationTests.small + "\nactivation: os.system('x')\n"
        #expect { _ = try DetectionModel(ModelConfiguration(yaml: wrong, source: "wrong.yaml")) } throws: {
            "\($0)".hasPrefix("wrong.yaml: activation: expected one of nn.SiLU()")
        }
    }
}
