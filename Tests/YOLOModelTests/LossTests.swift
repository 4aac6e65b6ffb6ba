import Detection
import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

@Suite("Loss", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct LossTests {
    static let variants = [
        "default", "label_smoothing", "focal", "pos_weight", "focal_pos_weight_smoothing", "anchor_t_2", "autobalance",
        "no_targets", "one_target", "one_match", "nc1",
    ]

    /// The inputs of a variant; `targets` as [image, class, x, y, w, h].
    static func targets(_ variant: String, _ tensors: [String: GoldenTensor]) throws -> [GroundTruth] {
        let name = variant == "one_match" ? "targets_one_match" : "targets"
        let tensor = try #require(tensors[name])
        let count = ["no_targets": 0, "one_target": 1][variant] ?? tensor.shape[0]
        return (0..<count).map { index in
            let row = tensor.row(index)
            return GroundTruth(
                image: Int(row[0]), classIndex: variant == "nc1" ? 0 : Int(row[1]),
                box: NormalizedBox(centerX: row[2], centerY: row[3], width: row[4], height: row[5]))
        }
    }

    static func anchors(_ tensors: [String: GoldenTensor]) throws -> [[TargetAssigner.Anchor]] {
        let tensor = try #require(tensors["anchors_grid"])
        return (0..<tensor.shape[0]).map { level in
            let values = tensor.row(level)
            return stride(from: 0, to: values.count, by: 2).map {
                TargetAssigner.Anchor(width: values[$0], height: values[$0 + 1])
            }
        }
    }

    static func options(_ golden: JSON) -> LossOptions {
        let hyp = golden["hyp"]
        return LossOptions(
            boxGain: hyp["box"].double, objectnessGain: hyp["obj"].double, classGain: hyp["cls"].double,
            objectnessPositiveWeight: hyp["obj_pw"].double, classPositiveWeight: hyp["cls_pw"].double,
            anchorRatioLimit: hyp["anchor_t"].double, focalGamma: hyp["fl_gamma"].double,
            labelSmoothing: hyp["label_smoothing"].double, isAutobalanced: golden["autobalance"].bool)
    }

    /// A head's raw output in the memory layout of a convolution, from the reference's `[N, A, ny, nx, K]`.
    static func output(_ golden: GoldenTensor) throws -> Tensor {
        let shape = golden.shape
        let grid = try Tensor(golden.floats, shape: shape)
        let pixels = try grid.permuted([0, 2, 3, 1, 4]).reshaped([shape[0], shape[2], shape[3], shape[1] * shape[4]])
        let output = try pixels.contiguous().permuted([0, 3, 1, 2])
        try output.requireGradient()
        return output
    }

    @Test("Loss and gradient agree with the reference", arguments: variants)
    func agrees(variant: String) throws {
        let golden = try Fixtures.json("loss")["variants"][variant]
        let tensors = try Fixtures.tensors("loss")
        let classCount = golden["nc"].int
        let targets = try Self.targets(variant, tensors)
        var loss = try DetectionLoss(
            anchors: Self.anchors(tensors), strides: [8, 16, 32], classCount: classCount, options: Self.options(golden))
        var outputs: [Tensor] = []
        for call in golden["calls"].array {
            outputs = []
            for index in 0..<3 { outputs.append(try Self.output(#require(tensors["head_nc\(classCount)_\(index)"]))) }
            let value = try loss(outputs.map { HeadLevel(output: $0, anchorCount: 3) }, targets)
            try value.total.backward()
            #expect(abs(try value.total.item() / call["total"].double - 1) < 1e-5)
            for (ours, expected) in zip(try value.items.array(of: Double.self), call["items"].doubles) {
                #expect(abs(ours - expected) <= 1e-5 * abs(expected))
            }
            for (ours, expected) in zip(loss.balance, call["balance_after"].doubles) {
                #expect(abs(ours - expected) < 1e-6)
            }
        }

        for (index, output) in outputs.enumerated() {
            let gradient = try #require(try output.gradient())
            let level = HeadLevel(output: gradient, anchorCount: 3)
            let grid: [Float] = try level.grid().array()
            let values = classCount + 5
            let objectness = stride(from: 4, to: grid.count, by: values).map { grid[$0] }
            expectClose(
                objectness, try #require(tensors["\(variant).grad_obj\(index)"]).floats, absolute: 1e-6, relative: 1e-4)

            let places = try #require(tensors["\(variant).pos_index\(index)"])
            let rows = try #require(tensors["\(variant).grad_pos\(index)"])
            var rest = grid
            for place in stride(from: 4, to: rest.count, by: values) { rest[place] = 0 }
            let positions = places.ints
            for row in 0..<places.shape[0] {
                let at = Array(positions[4 * row..<4 * row + 4])
                let start = (((at[0] * 3 + at[1]) * level.gridHeight + at[2]) * level.gridWidth + at[3]) * values
                expectClose(Array(grid[start..<start + values]), rows.row(row), absolute: 1e-6, relative: 1e-4)
                for place in start..<start + values { rest[place] = 0 }
            }
            #expect(rest.allSatisfy { $0 == 0 }, "only rows with a target have a gradient beside the objectness")
        }
    }

    @Test("Heads in bfloat16 give nearly the same loss, in float32, and a gradient of their own type")
    func bfloat16() throws {
        let golden = try Fixtures.json("loss")["variants"]["default"]
        let tensors = try Fixtures.tensors("loss")
        var loss = try DetectionLoss(
            anchors: Self.anchors(tensors), strides: [8, 16, 32], classCount: 80, options: Self.options(golden))
        var levels: [HeadLevel] = []
        for index in 0..<3 {
            let output = try Self.output(#require(tensors["head_nc80_\(index)"])).detached().to(.bfloat16)
            try output.requireGradient()
            levels.append(HeadLevel(output: output, anchorCount: 3))
        }
        let value = try loss(levels, Self.targets("default", tensors))
        #expect(value.total.scalarType == .float32)
        #expect(value.items.scalarType == .float32)
        #expect(abs(try value.total.item() / golden["calls"][0]["total"].double - 1) < 0.01)
        try value.total.backward()
        for level in levels {
            let gradient = try #require(try level.output.gradient())
            #expect(gradient.scalarType == .bfloat16)
            #expect(gradient.isContiguous(.channelsLast), "the gradient goes back to the convolution as it lies")
        }
    }

    @Test("Targets go to the reference's cells and anchors, in its order")
    func assignment() throws {
        let tensors = try Fixtures.tensors("loss")
        let assigner = TargetAssigner(anchors: try Self.anchors(tensors), ratioLimit: 4)
        let grids = [32, 16, 8].map { TargetAssigner.Grid(height: $0, width: $0) }
        let levels = assigner(try Self.targets("default", tensors), grids: grids)
        for (index, matches) in levels.enumerated() {
            #expect(matches.map(\.classIndex) == (try #require(tensors["build.tcls\(index)"])).ints)
            let indices = matches.flatMap { [$0.image, $0.anchorIndex, $0.gridY, $0.gridX] }
            #expect(indices == (try #require(tensors["build.indices\(index)"])).ints)
            let boxes = matches.flatMap { [$0.box.centerX, $0.box.centerY, $0.box.width, $0.box.height] }
            expectClose(boxes, try #require(tensors["build.tbox\(index)"]).floats, absolute: 1e-6)
            let anchors = matches.flatMap { [$0.anchor.width, $0.anchor.height] }
            expectClose(anchors, try #require(tensors["build.anchors\(index)"]).floats, absolute: 0)
        }
        #expect(assigner([], grids: grids) == [[], [], []])
    }

    @Test("CIoU and its gradient agree with the reference")
    func completeIoUAgrees() throws {
        let tensors = try Fixtures.tensors("boxes")
        let boxes = try #require(tensors["box1_xywh"])
        let targets = try #require(tensors["box2_xywh"])
        let first = try Tensor(boxes.floats, shape: boxes.shape)
        try first.requireGradient()
        let second = try Tensor(targets.floats, shape: targets.shape)
        let iou = try completeIoU(
            centers: first.narrowed(axis: 1, start: 0, length: 2), sizes: first.narrowed(axis: 1, start: 2, length: 2),
            targetCenters: second.narrowed(axis: 1, start: 0, length: 2),
            targetSizes: second.narrowed(axis: 1, start: 2, length: 2))
        expectClose(try iou.array(), try #require(tensors["bbox_iou.CIoU.xywh"]).floats, absolute: 1e-5)

        // The rows before 7 are degenerate; their gradient is not defined.
        try iou.narrowed(axis: 0, start: 7, length: boxes.shape[0] - 7).sum().backward()
        let gradient: [Float] = try #require(try first.gradient()).array()
        let expected = try #require(tensors["bbox_iou.CIoU.xywh.grad_box1"]).floats
        expectClose(Array(gradient.dropFirst(28)), Array(expected.dropFirst(28)), absolute: 1e-7, relative: 1e-4)
    }
}
