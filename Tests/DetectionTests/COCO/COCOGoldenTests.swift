@testable import Detection
import Foundation
import GoldenFixtures
import Testing

@Suite("COCO's figures as pycocotools has them", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct COCOGoldenTests {
    /// Differences of sums in another order, and nothing else.
    private let tolerance = 1e-9

    private struct Case {
        let golden: JSON
        let groundTruth: COCOGroundTruth
        let detections: [COCODetection]

        init(_ name: String) throws {
            golden = try Fixtures.json("coco/coco")[name]
            groundTruth = try COCOGroundTruth(contentsOf: Fixtures.golden.appendingPathComponent("coco/\(name).gt.json").path)
            detections = try COCODetection.read(contentsOf: Fixtures.golden.appendingPathComponent("coco/\(name).dt.json").path)
        }
    }

    @Test("The twelve figures, and those of each class", arguments: ["synthetic", "real"])
    func figures(name: String) throws {
        let data = try Case(name)
        let evaluation = try COCOEvaluation(of: data.detections, against: data.groundTruth)
        #expect(largestDifference(evaluation.figures.all.map { $0 ?? -1 }, data.golden["stats"].doubles) <= tolerance)
        let classes = data.golden["per_class"].array.map(\.doubles)
        #expect(evaluation.classes.map { Double($0.category.id) } == classes.map { $0[0] })
        #expect(largestDifference(evaluation.classes.map { $0.ap ?? -1 }, classes.map { $0[1] }) <= tolerance)
        #expect(largestDifference(evaluation.classes.map { $0.ap50 ?? -1 }, classes.map { $0[2] }) <= tolerance)
    }

    @Test("Thresholds and ranges of areas", arguments: ["synthetic", "real"])
    func axes(name: String) throws {
        let axes = try Fixtures.json("coco/coco")[name]["axes"]
        // Foundation reads some of these numbers wrong in the last bits.
        #expect(largestDifference(COCOParameters.iouThresholds, axes["iou"].doubles) <= 1e-15)
        #expect(COCOParameters.maxDetections == axes["max_dets"].ints)
        #expect(COCOAreaRange.allCases.map { "\($0)" } == axes["area_label"].strings)
        #expect(COCOAreaRange.allCases.map { [$0.areas.lowerBound, $0.areas.upperBound] } == axes["area"].array.map(\.doubles))
    }

    @Test("The recall reached, in all settings", arguments: ["synthetic", "real"])
    func recall(name: String) throws {
        let golden = try #require(Fixtures.tensors("coco/coco")["\(name).recall"])
        let curves = Curves(try Case(name))
        #expect(golden.shape == [10, curves.categoryCount, 4, 3])
        #expect(largestDifference(curves.values { curve, threshold in [curve.recall[threshold]] }, golden.doubles) <= tolerance)
    }

    @Test("Precision and scores over recall, in all settings")
    func curves() throws {
        let golden = try Fixtures.tensors("coco/coco")
        let precision = try #require(golden["synthetic.precision"])
        let scores = try #require(golden["synthetic.scores"])
        let curves = Curves(try Case("synthetic"))
        #expect(precision.shape == [10, 101, curves.categoryCount, 4, 3])
        func row(_ values: [Double], _ threshold: Int) -> [Double] { Array(values[threshold * 101..<(threshold + 1) * 101]) }
        #expect(largestDifference(curves.values(count: 101) { row($0.precision, $1) }, precision.doubles) <= tolerance)
        #expect(largestDifference(curves.values(count: 101) { row($0.scores, $1) }, scores.doubles) <= tolerance)
    }

    /// The curves of all settings, put in pycocotools' order: IoU, recall, category, area, limit.
    private struct Curves {
        let categoryCount: Int
        /// By category, area and limit.
        private let curves: [COCOAccumulator.Curve?]

        init(_ data: Case) {
            do {
                let objects = try COCOObjectTable(data.detections, data.groundTruth, images: nil)
                let ranking = COCORanking(objects)
                let accumulator = COCOAccumulator(objects, ranking, verdicts: COCOMatcher(objects, ranking).verdicts())
                categoryCount = objects.categories.count
                curves = (0..<categoryCount * 12).map {
                    accumulator.curve(category: $0 / 12, area: $0 / 3 % 4, maxDetections: COCOParameters.maxDetections[$0 % 3])
                }
            } catch {
                preconditionFailure("\(error)")
            }
        }

        func values(count: Int = 1, _ row: (COCOAccumulator.Curve, _ threshold: Int) -> [Double]) -> [Double] {
            (0..<10).flatMap { threshold in
                let rows = curves.map { $0.map { row($0, threshold) } ?? [Double](repeating: -1, count: count) }
                return (0..<count).flatMap { index in rows.map { $0[index] } }
            }
        }
    }

    @Test("COCO's numbers of the 80 classes")
    func categories() throws {
        #expect(COCOCategories.ids == (try Fixtures.json("coco/coco")["real"]["axes"]["categories"].ints))
    }

    @Test("Detections that were read are written as they were", arguments: ["synthetic", "real"])
    func writing(name: String) throws {
        let data = try Case(name)
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("predictions.json")
        let writer = try COCODetectionWriter(path: file.path)
        try writer.append(data.detections)
        try writer.finish()
        // The golden file has a line for each.
        let original = try String(contentsOf: Fixtures.golden.appendingPathComponent("coco/\(name).dt.json"), encoding: .utf8)
        let lines = original.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(try String(contentsOf: file, encoding: .utf8) == lines.joined().replacingOccurrences(of: "},{", with: "}, {"))
    }
}
