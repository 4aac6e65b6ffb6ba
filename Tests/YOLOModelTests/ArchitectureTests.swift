import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

@Suite("Architecture", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ArchitectureTests {
    static let names = ["yolov5n", "yolov5s", "yolov5m", "yolov5l", "yolov5x"]

    @Test("Built-in models agree with the reference in every count, name and shape", arguments: names)
    func agrees(name: String) throws {
        let golden = try Fixtures.json("arch/\(name)")
        let model = try DetectionModel(ModelConfiguration(named: "\(name).yaml"))

        let summary = model.summary()
        #expect(summary.layers == golden["layers_not_shared"].int)
        #expect(summary.parameters == golden["parameters"].int)
        #expect(summary.gradients == golden["gradients"].int)
        #expect(summary.description.hasSuffix(", \(golden["gflops_640"].string) GFLOPs"))
        #expect(summary.description.hasPrefix("YOLOv5\(name.last ?? " ") summary: "))
        #expect(model.cost(height: 32, width: 32).multiplyAccumulates == golden["thop"]["macs"].double)

        #expect(model.strides.map(Double.init) == golden["stride"].doubles)
        #expect(model.savedRows == golden["save"].ints)
        let anchors = golden["anchors_grid"].array.flatMap { $0.array.flatMap(\.floats) }
        let ours: [Float] = try model.head.anchors.array()
        #expect(ours.count == anchors.count)
        for (ours, golden) in zip(ours, anchors) { #expect(abs(ours - golden) < 1e-6) }

        let entries = model.stateEntries()
        let state = golden["state_dict"].array
        #expect(entries.map(\.name) == state.map { $0[0].string })
        #expect(entries.map(\.tensor.shape) == state.map { $0[1].ints })
        #expect(entries.map { "\($0.tensor.scalarType)" } == state.map { $0[2].string })
    }

    @Test("Rows have the reference's sources, repeats and parameters", arguments: names)
    func rows(name: String) throws {
        let golden = try Fixtures.json("arch/\(name)")
        let model = try DetectionModel(ModelConfiguration(named: "\(name).yaml"))
        let rows = golden["rows"].array.dropLast()
        #expect(model.graph.nodes.count == rows.count)
        for (node, row) in zip(model.graph.nodes, rows) {
            #expect(node.repeats == row[2].int)
            #expect(node.layer.parameters().reduce(0) { $0 + $1.count } == row[3].int)
        }
        #expect(model.head.parameters().reduce(0) { $0 + $1.count } == golden["rows"].array.last?[3].int)
    }

    @Test("Folding the normalizations leaves the reference's counts", arguments: names)
    func fused(name: String) throws {
        let golden = try Fixtures.json("arch/\(name)")["fused"]
        let summary = try DetectionModel(ModelConfiguration(named: "\(name).yaml")).fused().summary()
        #expect(summary.layers == golden["layers_not_shared"].int)
        #expect(summary.parameters == golden["parameters"].int)
        #expect(summary.gradients == golden["gradients"].int)
        #expect(summary.description.hasSuffix(", \(golden["gflops_640"].string) GFLOPs"))
    }

    @Test("The built-in YAML holds the reference's values", arguments: names)
    func values(name: String) throws {
        let golden = try Fixtures.json("arch/\(name)")["yaml"]
        let configuration = try ModelConfiguration(named: "models/\(name).yaml")
        #expect(configuration.classCount == golden["nc"].int)
        #expect(configuration.depthMultiple == golden["depth_multiple"].double)
        #expect(configuration.widthMultiple == golden["width_multiple"].double)
        #expect(configuration.anchors == .pixels(golden["anchors"].array.map(\.doubles)))
        for (row, expected) in zip(configuration.rows, golden["backbone"].array + golden["head"].array) {
            #expect(row.kind == expected[2].string)
            #expect(row.repeats == expected[1].int)
            #expect(row.arguments.count == expected[3].array.count)
        }
    }
}
