import Detection
import Foundation
import GoldenFixtures
import Testing

@testable import YOLOReporting

@Suite("Reporting")
struct ReportingTests {
    static func summary(epoch: Int) -> EpochSummary {
        let report = ValidationReport(
            mean: MeanMetrics(precision: 0.63127, recall: 0.43797, map50: 0.52143, map: 0.33598),
            classes: [
                ClassMetrics(classIndex: 0, labelCount: 254, precision: 1, recall: 0.9, f1: 0.95, averagePrecisions: [0.9, 0.5]),
                ClassMetrics(classIndex: 1, labelCount: 12, precision: 0.5, recall: 0.25, f1: 0.3, averagePrecisions: [0.2, 0.1]),
            ],
            classNames: ["person", "camión"],
            images: 128, labels: 929, speed: .init(preprocess: 0.5, inference: 60.25, nonMaximumSuppression: 1.1),
            losses: LossItems(box: 0.048855, objectness: 0.046213, classification: 0.02101))
        return EpochSummary(
            position: EpochPosition(epoch: epoch, epochs: 10, batches: 8),
            losses: LossItems(box: 0.052028, objectness: 0.067515, classification: 0.027173), validation: report,
            learningRates: [0.0937, 0.0007, 0.0007], isBest: true)
    }

    @Test("results.csv has the reference's columns and numbers to the character")
    func results() throws {
        // 14 columns of 20 characters, numbers with five digits.
        let expected = """
                           epoch,      train/box_loss,      train/obj_loss,      train/cls_loss,   metrics/precision,      metrics/recall,     metrics/mAP_0.5,metrics/mAP_0.5:0.95,        val/box_loss,        val/obj_loss,        val/cls_loss,               x/lr0,               x/lr1,               x/lr2
                               0,            0.052028,            0.067515,            0.027173,             0.63127,             0.43797,             0.52143,             0.33598,            0.048855,            0.046213,             0.02101,              0.0937,              0.0007,              0.0007

            """
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("results.csv")
        let results = try ResultsCSV(writingTo: file)
        results.fitEpochDidEnd(ReportingTests.summary(epoch: 0))
        #expect(try String(contentsOf: file, encoding: .utf8) == expected)
    }

    @Test("metrics.json has the agreed keys")
    func metrics() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("metrics.json")
        try MetricsFile(try #require(ReportingTests.summary(epoch: 0).validation)).write(to: file)
        let document = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        #expect(
            Set(document.keys) == [
                "precision", "recall", "map50", "map", "classes", "images", "labels", "preprocess_ms", "inference_ms", "nms_ms",
            ])
        #expect(document["map50"] as? Double == 0.52143)
        #expect((document["classes"] as? [[String: Any]])?.last?["name"] as? String == "camión")
    }

    @Test(
        "progress shows share, time and rate",
        arguments: [
            (0, 8, 0.0, "  0%|          | 0/8 [00:00<?]"),
            (3, 8, 12.2, " 37%|███▊      | 3/8 [00:12<00:20,  4.07s/it]"),
            (8, 8, 2.0, "100%|██████████| 8/8 [00:02<00:00,  4.00it/s]"),
            (1, 100, 60.0, "  1%|▏         | 1/100 [01:00<1:39:00, 60.00s/it]"),
        ])
    func meter(_ done: Int, _ total: Int, _ seconds: Double, _ text: String) {
        #expect(ProgressMeter.bar(done: done, total: total, elapsed: .seconds(seconds)) == text)
    }

    @Test("a log gets one plain line a step, without control characters")
    func log() throws {
        let text = try console(isInteractive: false)
        #expect(!text.contains("\r") && !text.contains("\u{1B}"))
        let steps = text.split(separator: "\n").filter { $0.contains("640: ") }
        #expect(steps.count == 8)
        #expect(steps[0].hasPrefix("        0/9         0G    0.05203    0.06752    0.02717        141        640: 1/8 ["))
        #expect(text.contains("      Epoch    GPU_mem   box_loss   obj_loss   cls_loss  Instances       Size\n"))
        #expect(text.contains("                   all        128        929      0.631      0.438      0.521      0.336\n"))
        #expect(text.contains("                camión        128         12        0.5       0.25        0.2       0.15\n"))
    }

    @Test("a terminal gets a bar that is redrawn")
    func terminal() throws {
        let text = try console(isInteractive: true)
        #expect(text.contains("640: 100%|██████████| 8/8 ["))
        #expect(text.components(separatedBy: "\r").count > 8)
        #expect(text.contains("mAP50-95: 100%|██████████| 2/2 ["))
    }

    /// What the console shows for one epoch of eight batches and a validation alone.
    private func console(isInteractive: Bool) throws -> String {
        let pipe = Pipe()
        let observer = ConsoleObserver(Terminal(isInteractive: isInteractive, usesColor: false, output: pipe.fileHandleForWriting))
        let epoch = EpochPosition(epoch: 0, epochs: 10, batches: 8)
        let losses = ReportingTests.summary(epoch: 0).losses
        observer.epochDidStart(epoch)
        for batch in 0..<8 {
            let position = BatchPosition(batch: batch, epoch: epoch)
            observer.batchDidEnd(BatchReport(position: position, instances: 141, imageSize: 640, deviceMemory: 0, meanLosses: losses))
            observer.batchDidEnd(BatchReport(position: position, instances: 141, imageSize: 640, deviceMemory: 0, meanLosses: nil))
        }
        observer.epochDidEnd(epoch)
        observer.validationDidStart(ValidationPlan(batches: 2, images: 128, title: "yolov5n"))
        for batch in 0..<2 { observer.validationBatchDidEnd(ValidationBatch(index: batch, count: 2)) }
        observer.validationDidEnd(try #require(ReportingTests.summary(epoch: 0).validation))
        try pipe.fileHandleForWriting.close()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
