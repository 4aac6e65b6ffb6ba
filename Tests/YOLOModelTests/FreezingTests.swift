import Testing
import Torch
@testable import YOLOModel

@Suite("Freezing rows")
struct FreezingTests {
    @Test("frozen rows want no gradient, and the summary counts the others")
    func summary() throws {
        let model = try DetectionModel(ModelConfiguration(named: "yolov5n.yaml"))
        #expect(model.rowCount == 25 && model.kind(ofRow: 9) == "SPPF" && model.kind(ofRow: 24) == "Detect")
        try model.freeze(rows: 0..<10)
        for entry in model.stateEntries() where entry.role == .parameter {
            let row = try #require(Int(entry.name.split(separator: ".")[1]))
            #expect(entry.tensor.requiresGradient == (row >= 10), "\(entry.name)")
        }
        let learning = model.graph.nodes[10...].flatMap { $0.layer.parameters() } + model.head.parameters()
        #expect(model.summary().gradients == learning.reduce(0) { $0 + $1.count })
        #expect(model.summary().gradients < model.summary().parameters)
    }

    @Test("the head can be frozen alone")
    func head() throws {
        let model = try SmallModels.pyramid(levels: 2)
        try model.freeze(rows: [5])
        #expect(model.parameters().count { !$0.requiresGradient } == 4)
        #expect(!model.head.parameters().contains { $0.requiresGradient })
    }
}
