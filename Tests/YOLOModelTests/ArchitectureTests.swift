import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

@Suite("Architecture", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ArchitectureTests {
    /// All built-in models, as the fixtures call them.
    static let names = ModelConfiguration.builtInNames.map { String($0.dropLast(".yaml".count)) }

    @Test("Every configuration of the fixtures is built in")
    func complete() throws {
        let golden = try Fixtures.json("arch/index")["models"].array.map { $0[0].string }
        #expect(Set(golden) == Set(ModelConfiguration.builtInNames))
    }

    @Test("Built-in models agree with the reference in every count, name and shape", arguments: names)
    func agrees(name: String) throws {
        let golden = try Fixtures.json("arch/\(name)")
        let model = try DetectionModel(ModelConfiguration(named: "\(name).yaml"))

        let summary = model.summary()
        #expect(summary.layers == golden["layers_not_shared"].int)
        #expect(summary.parameters == golden["parameters"].int)
        #expect(summary.gradients == golden["gradients"].int)
        #expect(summary.description.hasSuffix(", \(golden["gflops_640"].string) GFLOPs"))
        let printed = golden["summary"].string
        #expect(summary.description.hasPrefix(printed.prefix { $0 != ":" } + ": "))
        let tile = golden["thop"]["input"].ints
        let cost = try model.cost(height: tile[2], width: tile[3])
        #expect(cost.multiplyAccumulates == golden["thop"]["macs"].double)

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
        let rows = golden["rows"].array
        #expect(model.layerTable.rows.count == rows.count)
        for (ours, row) in zip(model.layerTable.rows, rows) {
            #expect(ours.index == row[0].int)
            #expect(ours.from == (row[1].array.isEmpty ? row[1].int.description : row[1].ints.description))
            #expect(ours.repeats == row[2].int)
            #expect(ours.parameters == row[3].int)
            #expect(ours.module == row[4].string)
            let arguments = try ConfigurationValue(yaml: ours.arguments, source: "table")
            #expect(Self.agree(arguments, row[5]), "\(ours.arguments)")
        }
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
        #expect(try ModelConfiguration(named: "models/hub/\(name).yaml").rows == configuration.rows)
        #expect(configuration.classCount == golden["nc"].int)
        #expect(configuration.depthMultiple == golden["depth_multiple"].double)
        #expect(configuration.widthMultiple == golden["width_multiple"].double)
        let levels = golden["anchors"].array.map(\.doubles)
        #expect(configuration.anchors == (levels.isEmpty ? .count(golden["anchors"].int) : .pixels(levels)))
        let rows = golden["backbone"].array + golden["head"].array
        #expect(configuration.rows.count == rows.count)
        for (row, expected) in zip(configuration.rows, rows) {
            #expect(row.kind == expected[2].string)
            #expect(row.repeats == expected[1].int)
            #expect(Self.agree(ConfigurationValue(.list(row.arguments)), expected[3]), "\(row.arguments)")
        }
    }

    private static func agree(_ value: ConfigurationValue, _ golden: JSON) -> Bool {
        switch value.content {
        case .none: !golden.exists || golden.string == "None"
        case .boolean(let value): golden.bool == value
        case .integer(let value): golden.int == value
        case .real(let value): golden.double == value
        case .text(let value): golden.exists ? golden.string == value : value == "None"
        case .list(let values): values.count == golden.array.count && zip(values, golden.array).allSatisfy(agree)
        case .table: false
        }
    }
}
