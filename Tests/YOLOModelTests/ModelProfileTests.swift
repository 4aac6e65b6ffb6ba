import Foundation
import Testing
import Torch
@testable import YOLOModel

@Suite("Profile of a network")
struct ModelProfileTests {
    @Test("there is a row for each row of the YAML, and the sums are the summary's", arguments: [false, true])
    func rows(isFused: Bool) throws {
        var model = try DetectionModel(ModelConfiguration(named: "yolov5n.yaml"))
        if isFused { model = try model.fused() }
        let profile = try model.profile(imageSize: (64, 96), repeats: 3)
        #expect(profile.rows.map(\.layer) == model.layerTable.rows)

        let summary = model.summary(imageSize: (64, 96))
        #expect(profile.parameters == summary.parameters)
        #expect(abs(profile.gigaFLOPs - summary.gigaFLOPs) < 1e-9)
        // 3 x 6 x 6 weights for 16 channels and, before folding, 4 operations an element of the normalization.
        #expect(abs(profile.rows[0].gigaFLOPs - 2e-9 * Double((108 + (isFused ? 0 : 4)) * 16 * 32 * 48)) < 1e-12)
        #expect(profile.rows.allSatisfy { $0.milliseconds > 0 && $0.milliseconds.isFinite })
        #expect(profile.imageSize == .init(height: 64, width: 96) && profile.device == .cpu)
    }

    @Test("the size is rounded up to what the network takes; the network stays as it is")
    func size() throws {
        let model = try SmallModels.pyramid(levels: 3)
        let before = model.stateEntries().map(\.tensor.strides)
        let profile = try model.profile(imageSize: (33, 1), repeats: 1)
        #expect(profile.imageSize == .init(height: 64, width: 32))
        #expect(model.stateEntries().map(\.tensor.strides) == before)
        #expect(model.parameters().allSatisfy { $0.requiresGradient })
    }

    @Test("half precision can be profiled", arguments: [ScalarType.float16, .bfloat16])
    func half(type: ScalarType) throws {
        let profile = try SmallModels.pyramid(levels: 2).fused(as: type).profile(imageSize: (32, 32), repeats: 1)
        #expect(profile.rows.count == 6)
    }

    @Test("the median is the middle, or half-way between two middles")
    func median() {
        #expect(ModelProfile.median([5]) == 5)
        #expect(ModelProfile.median([9, 1, 2]) == 2)
        #expect(ModelProfile.median([9, 1, 2, 4]) == 3)
    }

    @Test("the table has a title, a line a row and the sums")
    func table() {
        let profile = ModelProfile(
            imageSize: .init(height: 640, width: 320), device: .cuda(0),
            rows: [
                .init(
                    layer: .init(
                        index: 0, from: "-1", repeats: 1, parameters: 1760, module: "models.common.Conv",
                        arguments: "[3, 64, 6, 2, 2]"),
                    gigaFLOPs: 0.36, milliseconds: 1.234),
                .init(
                    layer: .init(
                        index: 1, from: "[-1, 6]", repeats: 2, parameters: 40, module: "models.common.Concat", arguments: "[1]"),
                    gigaFLOPs: 0.04, milliseconds: 0.5),
            ])
        #expect(
            profile.description == """
                   GFLOPs       ms                   from  n    params  module                                  arguments
                    0.360     1.23    0                -1  1      1760  models.common.Conv                      [3, 64, 6, 2, 2]
                    0.040     0.50    1           [-1, 6]  2        40  models.common.Concat                    [1]
                    0.400     1.73                                1800  total at 640 x 320                      on cuda:0
                """)
    }
}
