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

    @Test("Convolutions of other kinds agree")
    func convolutions() throws {
        try expectAgrees(DWConv(8, 16, kernelSize: 3, stride: 2), "DWConv_8_16_3_2")
        try expectAgrees(CrossConv(8, 8, shortcut: true), "CrossConv")
        try expectAgrees(CrossConv(8, 16, stride: 2), "CrossConv_s2")
        try expectAgrees(Focus(8, 16, kernelSize: 3), "Focus")
        try expectAgrees(GhostConv(8, 16, kernelSize: 3, stride: 2), "GhostConv")
        try expectAgrees(
            TransposedConvolution(depthwise: 8, 16, kernelSize: 4, stride: 2, padding: 1), "DWConvTranspose2d")
        let transposed = try ConvTranspose2d(inChannels: 8, outChannels: 16, kernelSize: 2, stride: 2)
        try expectAgrees(TransposedConvolution(transposed), "ConvTranspose2d")
    }

    @Test("MixConv2d agrees, with equal channels and with equal numbers of weights")
    func mixed() throws {
        let even = MixConv2d.shares(of: 16, kernelSizes: [1, 3], evenly: true)
        try expectAgrees(MixConv2d(8, shares: even), "MixConv2d")
        let weighted = MixConv2d.shares(of: 16, kernelSizes: [1, 3], evenly: false)
        try expectAgrees(MixConv2d(8, shares: weighted), "MixConv2d_equal_numel")
        #expect(weighted.map(\.channels) == [14, 2])  // 16 * 9 / 10 and 16 / 10
    }

    @Test("Bottleneck agrees, with and without its shortcut")
    func bottleneck() throws {
        try expectAgrees(Bottleneck(8, 8), "Bottleneck")
        try expectAgrees(Bottleneck(8, 8, shortcut: false), "Bottleneck_no_shortcut")
        try expectAgrees(GhostBottleneck(8, 8), "GhostBottleneck")
        try expectAgrees(GhostBottleneck(8, 16, stride: 2), "GhostBottleneck_s2")
    }

    @Test("C3 agrees, whatever is inside")
    func c3() throws {
        try expectAgrees(C3(8, 16, repeats: 2), "C3")
        try expectAgrees(C3(crossed: 8, 16, repeats: 2), "C3x")
        try expectAgrees(C3(transformer: 8, 32, repeats: 2), "C3TR")
        try expectAgrees(C3(pooling: 8, 16), "C3SPP")
        try expectAgrees(C3(ghost: 8, 16, repeats: 2), "C3Ghost")
        try expectAgrees(BottleneckCSP(8, 16, repeats: 2), "BottleneckCSP")
    }

    @Test("A transformer agrees that changes the number of channels first")
    func transformer() throws {
        try expectAgrees(TransformerBlock(8, 16, headCount: 4, layerCount: 2), "TransformerBlock_8_16")
    }

    @Test("Spatial pyramid pooling agrees, side by side and in a chain")
    func pooling() throws {
        try expectAgrees(SPP(8, 16), "SPP")
        try expectAgrees(SPPF(8, 16), "SPPF")
    }

    @Test("Contract and Expand agree, and undo each other")
    func spaceToDepth() throws {
        try expectAgrees(Contract(gain: 2), "Contract")
        try expectAgrees(Expand(gain: 2), "Expand")
    }

    @Test("Sum agrees, with and without weights", arguments: [false, true])
    func sum(isWeighted: Bool) throws {
        let tensors = try Fixtures.tensors("modules")
        let name = isWeighted ? "Sum_True" : "Sum_False"
        let (input, expected) = (try #require(tensors["input"]), try #require(tensors[name]))
        let x = try Tensor(input.floats, shape: input.shape)
        let layer = try Sum(inputCount: 3, isWeighted: isWeighted)
        let output = try withoutGradients { () throws(TorchError) in try layer([x, x * 0.5, x - 1], .inference) }
        expectClose(try output.array(), expected.floats, absolute: 1e-5)
        let golden = try Fixtures.json("modules")["state_dict"][name].array
        #expect(layer.stateEntries().map(\.name) == golden.map { $0[0].string })
        for (entry, expected) in zip(layer.stateEntries(), golden) {
            let values: [Float] = try entry.tensor.detached().array()
            #expect(values == expected[1].floats)
        }
    }

    @Test("Padding and pooling of yolov3-tiny keep the size together")
    func padAndPool() throws {
        let x = try Tensor((0..<16).map(Float.init), shape: [1, 1, 4, 4])
        let padded = try ZeroPad2d(left: 0, right: 1, top: 0, bottom: 1)(x, .inference)
        #expect(padded.shape == [1, 1, 5, 5])
        let pooled = try MaxPool2d(kernelSize: 2, stride: 1)(padded, .inference)
        #expect(try pooled.array(of: Float.self) == [5, 6, 7, 7, 9, 10, 11, 11, 13, 14, 15, 15, 13, 14, 15, 15])
    }

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
