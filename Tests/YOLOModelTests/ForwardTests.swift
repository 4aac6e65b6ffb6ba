import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

@Suite("Forward of the official yolov5n", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ForwardTests {
    let golden: [String: GoldenTensor]

    init() throws { golden = try Fixtures.tensors("forward") }

    /// Every `step`-th row, as the fixtures keep them.
    private func rows(_ predictions: Tensor, step: Int) throws -> [Float] {
        let shape = predictions.shape
        let values: [Float] = try predictions.array()
        return (0..<shape[0]).flatMap { image in
            stride(from: 0, to: shape[1], by: step).flatMap { row in
                let start = (image * shape[1] + row) * shape[2]
                return values[start..<start + shape[2]]
            }
        }
    }

    private func expectBoxes(_ values: [Float], _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let expected = try #require(golden[name]).floats
        #expect(values.count == expected.count, sourceLocation: sourceLocation)
        var worstPlace: Float = 0
        var worstScore: Float = 0
        for (index, (ours, theirs)) in zip(values, expected).enumerated() {
            let difference = abs(ours - theirs)
            if index % 85 < 4 { worstPlace = max(worstPlace, difference) } else { worstScore = max(worstScore, difference) }
        }
        #expect(worstPlace < 3e-3, "pixels", sourceLocation: sourceLocation)
        #expect(worstScore < 2e-5, sourceLocation: sourceLocation)
    }

    @Test("Boxes and raw outputs agree with the reference")
    func inference() throws {
        let model = try OfficialModel.make()
        let image = try OfficialModel.images(#require(golden["a_image"]))
        let output = try withoutGradients { () throws(TorchError) in try model(image, .inference) }
        try expectBoxes(try #require(output.predictions).array(), "a_pred")
        for (index, level) in output.levels.enumerated() {
            let expected = try #require(golden["a_raw\(index)"])
            #expect(try level.grid().shape == expected.shape)
            expectClose(try level.grid().array(), expected.floats, absolute: 2e-4)
        }
        let batch = try OfficialModel.images(#require(golden["b_image"]))
        let predictions = try withInferenceMode { () throws(TorchError) in try model(batch, .inference) }.predictions
        try expectBoxes(rows(#require(predictions), step: 4), "b_pred_step")
    }

    @Test("Every layer's output agrees with the reference")
    func layers() throws {
        let model = try OfficialModel.make()
        let image = try OfficialModel.images(#require(golden["a_image"]))
        let checksums = try Fixtures.json("forward")["a_layer_outputs"].array
        var outputs = [LayerGraph.image: image]
        for (index, node) in model.graph.nodes.enumerated() {
            let output = try withoutGradients { () throws(TorchError) in
                try node.layer(node.sources.compactMap { outputs[$0] }, .inference)
            }
            #expect(output.shape == checksums[index]["shape"].ints)
            #expect(output.isContiguous(.channelsLast), "row \(index) keeps the memory layout")
            expectClose(try output.array(), checksums[index], tolerance: 1e-4 * max(1, checksums[index]["std"].double))
            outputs[index] = output
        }
    }

    @Test("Folding the normalizations leaves the boxes where they are")
    func fused() throws {
        let model = try OfficialModel.make().fused()
        for (image, name) in [("a_image", "a_fused_pred_step"), ("b_image", "b_fused_pred_step")] {
            let images = try OfficialModel.images(#require(golden[image]))
            let predictions = try withInferenceMode { () throws(TorchError) in try model(images, .inference) }.predictions
            try expectBoxes(rows(#require(predictions), step: 8), name)
        }
    }

    @Test("In training the batch's statistics count, and move the running ones")
    func training() throws {
        let model = try OfficialModel.make()
        let images = try OfficialModel.images(#require(golden["t_image"]))
        let output = try model(images, .training)
        #expect(output.predictions == nil)
        for (index, level) in output.levels.enumerated() {
            expectClose(try level.grid().array(), try #require(golden["t_train_raw\(index)"]).floats, absolute: 2e-4)
        }
        var checked = 0
        for entry in model.stateEntries() {
            guard let expected = golden["t_train_\(entry.name)"] else { continue }
            expectClose(try entry.tensor.array(), expected.floats, absolute: 5e-6)
            checked += 1
        }
        #expect(checked == golden.keys.count { $0.contains("running") })
    }

    @Test("The head's output is looked at, not moved")
    func headIsAView() throws {
        let model = try OfficialModel.make()
        let images = try OfficialModel.images(#require(golden["t_image"]))
        for level in try model(images, .training).levels {
            let output = try level.output.detached()
            let seen = HeadLevel(output: output, anchorCount: 3)
            let rows = try seen.rows()
            #expect(rows.shape == [2 * level.gridHeight * level.gridWidth * 3, 85])
            #expect(rows.isContiguous())
            let place = ((1 * level.gridHeight + 2) * level.gridWidth + 1) * 3 + 2
            try rows.selected(axis: 0, index: place).fill(7)  // a copy would leave the output alone
            let grid: [Float] = try seen.grid().array()
            let start = (((1 * 3 + 2) * level.gridHeight + 2) * level.gridWidth + 1) * 85
            #expect(grid[start..<start + 85].allSatisfy { $0 == 7 })
            #expect(grid.count { $0 == 7 } == 85)
        }
    }

    @Test("bfloat16 convolutions give boxes close to float32's, in float32")
    func bfloat16() throws {
        let model = try OfficialModel.make()
        let image = try OfficialModel.images(#require(golden["a_image"]))
        let converted = try model.fused().fused(as: .bfloat16)
        let output = try withInferenceMode { () throws(TorchError) in try converted(image, .inference) }
        try expectNear(output)
        #expect(output.levels.map(\.output.scalarType) == [.bfloat16, .bfloat16, .bfloat16])
        #expect(!model.stateEntries().contains { $0.tensor.scalarType == .bfloat16 }, "the model itself stays float32")
        #expect(converted.head.anchors.scalarType == .float32)

        let autocast = try withInferenceMode { () throws(TorchError) in
            try withAutocast(.bfloat16, on: .cpu) { () throws(TorchError) in try model(image, .inference) }
        }
        try expectNear(autocast)
    }

    /// Within what bfloat16 can tell apart, for boxes that the model is sure of.
    private func expectNear(_ output: HeadOutput, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let predictions = try #require(output.predictions)
        #expect(predictions.scalarType == .float32, sourceLocation: sourceLocation)
        let values: [Float] = try predictions.array()
        let expected = try #require(golden["a_pred"]).floats
        let sure = stride(from: 4, to: expected.count, by: 85).filter { expected[$0] > 0.5 }
        #expect(!sure.isEmpty, sourceLocation: sourceLocation)
        for index in sure {
            #expect(abs(values[index] - expected[index]) < 0.1, sourceLocation: sourceLocation)
            for place in index - 4..<index {
                #expect(abs(values[place] - expected[place]) < 4, sourceLocation: sourceLocation)
            }
        }
    }
}
