import Foundation
import GoldenFixtures
import Testing

/// `yolov5 val` with the official weights on real images, beside the reference's numbers.
@Suite(
    "Validation accuracy", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip),
    .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ValidationAccuracyTests {
    @Test("mAP is the reference's in float32, and near it in the machine's own precision", arguments: [("fp32", 0.002), ("auto", 0.005)])
    func meanAveragePrecision(_ precision: String, _ tolerance: Double) throws {
        let golden = try Fixtures.json("val")["640"]
        try Workshop.open { workshop in
            let outcome = try workshop.command(
                "val", "--weights", Fixtures.weights.appendingPathComponent("yolov5n.pt").path,
                "--data", Fixtures.data.appendingPathComponent("coco128.yaml").path, "--img", "640", "--batch-size", "16",
                "--precision", precision)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let metrics = try workshop.contents("runs/val/exp/metrics.json")
            let found = try #require(JSONSerialization.jsonObject(with: metrics) as? [String: Any])
            for (key, expected) in [("map50", golden["mAP50"]), ("map", golden["mAP50_95"])] {
                let value = try #require(found[key] as? Double)
                #expect(abs(value - expected.double) < tolerance, "\(key) is \(value)")
            }
            #expect(found["images"] as? Int == 128)
            #expect(found["labels"] as? Int == golden["labels"].int)
        }
    }
}
