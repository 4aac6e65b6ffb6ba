import Testing
import Torch
@testable import YOLOModel

@Suite("Ensembles")
struct EnsembleTests {
    @Test("predictions of all members are joined along the rows")
    func predictions() throws {
        let three = try SmallModels.pyramid(levels: 3), two = try SmallModels.pyramid(levels: 2)
        let ensemble = try Ensemble([("three.pt", three), ("two.pt", TestTimeAugmentation(of: two))])
        let image = try Tensor.uniform([2, 3, 64, 96])
        let found = try ensemble.predictions(for: image)
        let first = try three.predictions(for: image)
        let second = try TestTimeAugmentation(of: two).predictions(for: image)
        #expect(found.shape == [2, first.shape[1] + second.shape[1], 8])
        #expect(try found.array(of: Float.self) == concatenated([first, second], axis: 1).array(of: Float.self))
        #expect(ensemble.classCount == 3)
    }

    @Test("names are the first member's, the stride is the largest")
    func facts() throws {
        var first = try SmallModels.pyramid(levels: 2)
        first.classNames = ["cat", "dog", "bird"]
        let ensemble = try Ensemble([("a.pt", first), ("b.pt", Coarse(network: SmallModels.pyramid(levels: 3)))])
        #expect(ensemble.classNames == ["cat", "dog", "bird"])
        #expect(ensemble.largestStride == 64)
        #expect(try ensemble.fused(as: .float32).largestStride == 64)
    }

    @Test("folding and half precision reach every member", arguments: [ScalarType.float16, .bfloat16, .float32])
    func fused(type: ScalarType) throws {
        let models = try [SmallModels.pyramid(levels: 3), SmallModels.pyramid(levels: 2)]
        let ensemble = try Ensemble([("a.pt", models[0]), ("b.pt", models[1])]).fused(as: type)
        for member in ensemble.members {
            let member = try #require(member as? DetectionModel)
            #expect(member.isFused && member.head.computeType == type)
        }
        let image = try Tensor.uniform([1, 3, 64, 64])
        let found = try ensemble.predictions(for: image)
        #expect(found.scalarType == .float32)
        let exact = try Ensemble([("a.pt", models[0]), ("b.pt", models[1])]).predictions(for: image)
        let difference = try (found - exact).abs()
        let places = try difference.narrowed(axis: 2, start: 0, length: 4).max().item()
        let scores = try difference.narrowed(axis: 2, start: 4, length: found.shape[2] - 4).max().item()
        #expect(places < (type == .float32 ? 1e-2 : 0.5) && scores < (type == .float32 ? 1e-5 : 0.01))
    }

    @Test("members that know other classes are refused, with both names")
    func classCounts() throws {
        let three = try SmallModels.pyramid(levels: 2), six = try SmallModels.pyramid(levels: 2, classes: 6)
        #expect {
            try Ensemble([("three.pt", three), ("six.pt", six)])
        } throws: { error in
            "\(error)".hasPrefix("'three.pt' knows 3 classes, 'six.pt' 6; ")
        }
    }

    /// A predictor that needs larger multiples than its network.
    private struct Coarse: Predictor {
        let network: DetectionModel
        var classCount: Int { network.classCount }
        var classNames: [String] { network.classNames }
        var largestStride: Int { 64 }
        func predictions(for images: Tensor) throws(TorchError) -> Tensor { try network.predictions(for: images) }
        func fused(as type: ScalarType) throws(TorchError) -> Coarse { Coarse(network: try network.fused(as: type)) }
    }
}
