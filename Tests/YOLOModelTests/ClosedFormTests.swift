import GoldenFixtures
import Testing
import Torch
@testable import YOLOModel

@Suite("Forward with weights from a formula", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ClosedFormTests {
    @Test("The formula is the fixtures' own")
    func formula() throws {
        let examples = try Fixtures.json("closed_form")["formula"]["cf_unit_examples"]
        for (j, expected) in examples["k=0,j=0..7"].doubles.enumerated() {
            #expect(abs(WeightFormula.unit(0, UInt64(j)) - expected) < 1e-15)
        }
        for (j, expected) in examples["k=349,j=0..7"].doubles.enumerated() {
            #expect(abs(WeightFormula.unit(349, UInt64(j)) - expected) < 1e-15)
        }
    }

    @Test("The whole network gives the reference's numbers", arguments: ArchitectureTests.names)
    func forward(name: String) throws {
        let golden = try Fixtures.json("closed_form")["models"][name]
        let model = try DetectionModel(ModelConfiguration(named: "\(name).yaml"))
        try WeightFormula.fill(model, gain: golden["gain"].double)
        try model.useChannelsLast()
        let size = golden["input"][2].int
        let image = try WeightFormula.image(size: size).contiguous(.channelsLast)
        let output = try withInferenceMode { () throws(TorchError) in try model(image, .inference) }

        for (index, level) in output.levels.enumerated() {
            expectClose(try level.grid().array(), golden["f64"]["raw"][index], tolerance: 5e-4)
        }
        let predictions = try #require(output.predictions)
        #expect(predictions.shape == golden["f64"]["pred"]["shape"].ints)
        // Scores to 1e-4, places to 0.1 px.
        let values: [Float] = try predictions.array()
        let width = model.classCount + 5
        let checksum = golden["f64"]["pred"]
        for (index, expected) in zip(checksum["index"].ints, checksum["value"].doubles) {
            let tolerance = index % width < 4 ? 0.1 : 1e-4
            #expect(abs(Double(values[index]) - expected) < tolerance)
        }
    }
}
