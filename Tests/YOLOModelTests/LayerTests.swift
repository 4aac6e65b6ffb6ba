import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

@Suite("Layers", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct LayerTests {
    /// A module of the fixtures: its output and state for weights from the formula.
    private func expectAgrees(
        _ layer: some SingleInputLayer, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let tensors = try Fixtures.tensors("modules")
        let golden = try Fixtures.json("modules")
        let state = golden["state_dict"][name].array
        #expect(layer.stateEntries().map(\.name) == state.map { $0[0].string }, sourceLocation: sourceLocation)
        #expect(layer.stateEntries().map(\.tensor.shape) == state.map { $0[1].ints }, sourceLocation: sourceLocation)
        try WeightFormula.fill(layer, gain: golden["gain"].double)

        let input = try #require(tensors["input"])
        let expected = try #require(tensors[name])
        let x = try Tensor(input.floats, shape: input.shape).contiguous(.channelsLast)
        let output = try withoutGradients { () throws(TorchError) in try layer(x, .inference) }
        expectClose(try output.array(), expected.floats, absolute: 1e-5, sourceLocation: sourceLocation)
        let fused = try layer.fused()
        let fusedOutput = try withInferenceMode { () throws(TorchError) in try fused(x, .inference) }
        expectClose(try fusedOutput.array(), expected.floats, absolute: 3e-5, sourceLocation: sourceLocation)

        var cost = ModelCost()
        let shape = try layer.measure(FeatureShape(channels: 8, height: 16, width: 16), &cost)
        #expect([1, shape.channels, shape.height, shape.width] == expected.shape, sourceLocation: sourceLocation)
    }

    @Test("Conv agrees, with stride, groups, and without activation")
    func conv() throws {
        try expectAgrees(Conv(8, 16, kernelSize: 3, stride: 2), "Conv_8_16_3_2")
        try expectAgrees(Conv(8, 16, kernelSize: 3, groups: 4), "Conv_groups")
        try expectAgrees(Conv(8, 16, activation: .identity), "Conv_act_false")
    }

    @Test("Bottleneck agrees, with and without its shortcut")
    func bottleneck() throws {
        try expectAgrees(Bottleneck(8, 8), "Bottleneck")
        try expectAgrees(Bottleneck(8, 8, shortcut: false), "Bottleneck_no_shortcut")
    }

    @Test("C3 agrees")
    func c3() throws { try expectAgrees(C3(8, 16, repeats: 2), "C3") }

    @Test("SPPF agrees")
    func sppf() throws { try expectAgrees(SPPF(8, 16), "SPPF") }

    @Test("Concat joins channels and keeps channels-last; Upsample repeats pixels")
    func joinAndUpsample() throws {
        let a = try Tensor((0..<8).map(Float.init), shape: [1, 2, 2, 2]).contiguous(.channelsLast)
        let b = try Tensor((8..<16).map(Float.init), shape: [1, 2, 2, 2]).contiguous(.channelsLast)
        let joined = try Concat()([a, b], .inference)
        #expect(try joined.array(of: Float.self) == (0..<16).map(Float.init))
        #expect(joined.isContiguous(.channelsLast))
        let large = try Upsample(scale: 2)(a, .inference)
        let first: [Float] = try large.selected(axis: 1, index: 0).array()
        #expect(first == [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3])
        #expect(large.isContiguous(.channelsLast))
    }
}
