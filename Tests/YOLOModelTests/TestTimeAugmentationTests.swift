import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

@Suite("Test-time augmentation")
struct TestTimeAugmentationTests {
    @Test("boxes of the official yolov5n are the reference's", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
    func golden() throws {
        let tensors = try Fixtures.tensors("forward")
        let expected = try #require(tensors["a_tta_pred_step"])
        let image = try OfficialModel.images(#require(tensors["a_image"]))
        let found = try TestTimeAugmentation(of: OfficialModel.make()).predictions(for: image)
        #expect(found.shape == [1, 11838, 85])
        #expect(!found.requiresGradient)
        let values: [Float] = try found.array()
        let rows = stride(from: 0, to: 11838, by: 16).map { Array(values[$0 * 85..<($0 + 1) * 85]) }
        #expect(rows.count * 85 == expected.count)
        var worst: (place: Float, score: Float) = (0, 0)
        for (row, golden) in zip(rows.joined(), expected.floats).enumerated().map({ ($0 % 85, $1) }) {
            let difference = abs(golden.0 - golden.1)
            if row < 4 { worst.place = max(worst.place, difference) } else { worst.score = max(worst.score, difference) }
        }
        #expect(worst.place < 3e-3, "pixels")
        #expect(worst.score < 2e-5)
    }

    /// The first view lacks the coarsest level and the last one the finest, whose cells are 1, 4, 16, … times the coarsest's.
    @Test("any number of levels gives the reference's number of rows", arguments: [(4, 38871), (2, 2031)])
    func rowCounts(levels: Int, expected: Int) throws {
        let model = try SmallModels.pyramid(levels: levels)
        let image = try Tensor.full([1, 3, 256, 320], 0.5)
        let plain = try model.predictions(for: image)
        let found = try TestTimeAugmentation(of: model).predictions(for: image)
        // The reference was counted with three anchors a cell; these networks have two.
        #expect(found.shape == [1, expected / 3 * 2, 8])
        let kept = plain.shape[1] - 2 * 8 * 10
        #expect(try found.narrowed(axis: 1, start: 0, length: kept).array(of: Float.self)
            == plain.narrowed(axis: 1, start: 0, length: kept).array(of: Float.self))
    }

    @Test("a head of one level keeps all of its rows")
    func oneLevel() throws {
        let model = try SmallModels.pyramid(levels: 1)
        let found = try TestTimeAugmentation(of: model).predictions(for: Tensor.full([2, 3, 64, 64], 0.5))
        #expect(found.shape == [2, 3 * 2 * 4, 8])  // three views, two anchors, 2 x 2 cells
    }

    @Test("a network whose rows go deeper than its head takes the smaller views too")
    func deeperThanItsHead() throws {
        let model = try SmallModels.deeperThanItsHead()
        #expect(model.strides == [8, 16] && model.largestStride == 32)
        // 0.67 of 640 pixels is 428.8: 432, a multiple of 16, would not come back from stride 32.
        let found = try TestTimeAugmentation(of: model).predictions(for: Tensor.full([1, 3, 64, 640], 0.5))
        #expect(try found.isFinite().all().item() == 1)
    }

    @Test("a view is scaled, mirrored, and padded on the right and below")
    func view() throws {
        let image = try Tensor((0..<64 * 64).map { Float($0 % 64) / 64 }, shape: [1, 1, 64, 64])
        let view = AugmentedView(scale: 0.5, isMirrored: true, omitted: nil)
        let seen = try view.seen(image, stride: 64)
        #expect(seen.shape == [1, 1, 64, 64])
        let values: [Float] = try seen.array()
        // The mean of two pixels of the mirrored image: (63 + 62) / 2 / 64 first, then two less each.
        #expect(abs(values[0] - 62.5 / 64) < 1e-6 && abs(values[31] - 0.5 / 64) < 1e-6)
        #expect(values[32] == 0.447 && values[32 * 64] == 0.447)
        #expect(try AugmentedView.all[0].seen(image, stride: 64).array(of: Float.self) == image.array(of: Float.self))
    }

    @Test("boxes are taken back into the image")
    func undo() throws {
        let boxes = try Tensor([Float(10), 20, 4, 8, 0.5, 0.25], shape: [1, 1, 6])
        try AugmentedView(scale: 0.5, isMirrored: true, omitted: nil).undo(in: boxes, imageWidth: 100)
        #expect(try boxes.array(of: Float.self) == [80, 40, 8, 16, 0.5, 0.25])
    }

    @Test("channels-last images stay channels-last", arguments: AugmentedView.all.indices)
    func layout(index: Int) throws {
        let image = try Tensor.uniform([2, 3, 64, 96]).contiguous(.channelsLast)
        #expect(try AugmentedView.all[index].seen(image, stride: 32).isContiguous(.channelsLast))
    }

    @Test("in half precision boxes are float32 and close", arguments: [ScalarType.float16, .bfloat16])
    func halfPrecision(type: ScalarType) throws {
        Runtime.seed(1)
        let augmentation = try TestTimeAugmentation(of: SmallModels.pyramid(levels: 3))
        let image = try Tensor.uniform([1, 3, 64, 64])
        let exact = try augmentation.fused(as: .float32).predictions(for: image)
        let half = try augmentation.fused(as: type)
        #expect(half.model.parameters().allSatisfy { $0.scalarType == type })
        for input in [image, try image.to(type)] {
            let found = try half.predictions(for: input)
            #expect(found.scalarType == .float32 && found.shape == exact.shape)
            let difference = try (found - exact).abs()
            let places = try difference.narrowed(axis: 2, start: 0, length: 4).max().item()
            let scores = try difference.narrowed(axis: 2, start: 4, length: found.shape[2] - 4).max().item()
            #expect(places < 0.5 && scores < 0.01)
        }
    }
}
