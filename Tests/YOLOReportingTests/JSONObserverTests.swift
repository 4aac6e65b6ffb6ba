import Detection
import Foundation
import GoldenFixtures
import Testing

@testable import YOLOReporting

@Suite("A run as JSON lines")
struct JSONObserverTests {
    private let position = EpochPosition(epoch: 1, epochs: 3, batches: 4)
    private let losses = LossItems(box: 0.05, objectness: .nan, classification: .infinity)

    private func report(losses: LossItems? = nil) -> ValidationReport {
        ValidationReport(
            mean: MeanMetrics(precision: 0.5, recall: 0.25, map50: 0.5, map: 0.3),
            classes: [ClassMetrics(classIndex: 1, labelCount: 12, precision: 0.5, recall: 0.25, f1: 0.3, averagePrecisions: [0.2, 0.1])],
            classNames: ["person", "\"狗\"/\n"], images: 128, labels: 929,
            speed: .init(preprocess: 0.5, inference: 60.25, nonMaximumSuppression: 1.1), losses: losses)
    }

    private func batch(_ number: Int, _ losses: LossItems?) -> BatchReport {
        BatchReport(
            position: BatchPosition(batch: number, epoch: position), instances: 7, imageSize: 640, deviceMemory: 1 << 30, meanLosses: losses)
    }

    /// A whole training of one epoch, as observers hear of it.
    private func tellTraining(_ observer: JSONObserver) throws {
        let plan = TrainingPlan(
            epochs: 3, batchesPerEpoch: 4, batchSize: 16, imageSize: 640, trainingImages: 64, validationImages: 128,
            dataSummaries: ["train: 64 images"], classNames: ["person", "dog"], workers: 2, device: "CPU, fp32", modelSummary: "YOLOv5n",
            weightsSummary: "", optimizerSummary: "SGD", folder: "runs/train/exp")
        try observer.setupDidStart(
            RunDescription(
                command: "train", options: [Setting("weights", "yolov5n.pt"), Setting("epochs", "3")], hyperparameters: [Setting("lr0", "0.01")],
                environment: "yolov5-swift, CPU"))
        try observer.parametersDidChange(ParameterChange(name: "imgsz", value: "640", reason: "stride"))
        try observer.setupDidEnd(plan)
        try observer.trainingDidStart(plan)
        try observer.epochDidStart(position)
        for number in 0..<4 { try observer.batchDidEnd(batch(number, losses)) }
        try observer.batchDidEnd(batch(3, nil))
        try observer.epochDidEnd(position)
        observer.validationDidStart(ValidationPlan(batches: 2, images: 128))
        try observer.validationDidEnd(report(losses: losses))
        try observer.fitEpochDidEnd(
            EpochSummary(position: position, losses: losses, validation: report(losses: losses), learningRates: [0.1, .nan, 0.01], isBest: true))
        try observer.modelDidSave(SavedModel(path: "runs/train/exp/weights/last.pt", epoch: 1, isBest: false))
        observer.validationDidStart(ValidationPlan(batches: 2, images: 128, title: "Validating best.pt..."))
        try observer.validationDidEnd(report())
        try observer.trainingDidEnd(
            TrainingOutcome(
                ending: .noImprovement(since: 1, patience: 2), epochs: 2, duration: .milliseconds(2500), best: report(),
                weights: ["runs/train/exp/weights/best.pt"], folder: "runs/train/exp"))
    }

    /// The lines that `body` brings about.
    private func lines(batchInterval: Duration = .zero, _ body: (JSONObserver) throws -> Void) throws -> [String] {
        let file = try Fixtures.temporaryFolder().appendingPathComponent("lines")
        defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
        try Data().write(to: file)
        let output = try FileHandle(forWritingTo: file)
        try body(JSONObserver(output, batchInterval: batchInterval))
        try output.close()
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.hasSuffix("}\n"))
        return text.split(separator: "\n").map(String.init)
    }

    private func object(_ line: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }

    @Test("every line is an object that begins with its event, in the order of the run")
    func order() throws {
        let lines = try lines(tellTraining)
        var events: [String] = []
        for line in lines {
            let event = try #require(try object(line)["event"] as? String)
            #expect(line.hasPrefix("{\"event\":\"\(event)\",\""))
            events.append(event)
        }
        #expect(
            events == [
                "start", "parameter", "setup", "batch", "batch", "batch", "batch", "validation", "epoch", "saved", "validation", "end",
            ])
    }

    @Test("lines have the keys that docs/json.md lists, and no others")
    func keys() throws {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let document = try String(contentsOf: package.appendingPathComponent("docs/json.md"), encoding: .utf8)
        // | `event` | when | `key`, `key` … |
        var documented: [String: Set<String>] = [:]
        for row in document.split(separator: "\n") where row.hasPrefix("| `") {
            let cells = row.split(separator: "|").map { $0.split(separator: "`", omittingEmptySubsequences: false) }
            let words = cells.map { cell in cell.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) } }
            documented[words[0][0]] = Set(words[2].filter { !$0.contains(where: \.isWhitespace) })
        }
        let lines = try lines { observer in
            try tellTraining(observer)
            try observer.validationRunDidEnd(report(), folder: "runs/val/exp", pictures: [])
            try observer.runDidFail("no room")
        }
        for line in lines {
            let object = try object(line)
            let event = try #require(object["event"] as? String)
            #expect(Set(object.keys).subtracting(["event"]) == documented[event], "\(event)")
        }
    }

    @Test("numbers that are not finite are null, and so is what is not known")
    func nulls() throws {
        let lines = try lines(tellTraining)
        let epoch = try object(lines[8])
        let losses = try #require(epoch["losses"] as? [String: Any])
        #expect(losses["box"] as? Double == 0.05 && losses["obj"] is NSNull && losses["cls"] is NSNull)
        let rates = try #require(epoch["learning_rates"] as? [Any])
        #expect(rates.count == 3 && rates[0] as? Double == 0.1 && rates[1] is NSNull)
        let metrics = try #require(epoch["metrics"] as? [String: Any])
        #expect(metrics["map50"] as? Double == 0.5 && metrics["fitness"] as? Double == 0.1 * 0.5 + 0.9 * 0.3)
        #expect(epoch["best"] as? Bool == true && epoch["last"] as? Bool == false)
        #expect(try object(lines[9])["batches"] is NSNull)
    }

    @Test("only the validation of finished weights has classes")
    func classes() throws {
        let lines = try lines(tellTraining)
        let (part, final) = (try object(lines[7]), try object(lines[10]))
        #expect(part["final"] as? Bool == false && part["classes"] is NSNull && part["losses"] is [String: Any])
        #expect(final["final"] as? Bool == true && final["losses"] is NSNull)
        let classes = try #require(final["classes"] as? [[String: Any]])
        #expect(classes.count == 1 && classes[0]["name"] as? String == "\"狗\"/\n" && classes[0]["index"] as? Int == 1)
    }

    @Test("how a training ended, and where its results are")
    func end() throws {
        let end = try object(try #require(lines(tellTraining).last))
        #expect(end["ending"] as? String == "no_improvement" && end["best_epoch"] as? Int == 1 && end["epochs"] as? Int == 2)
        #expect(end["seconds"] as? Double == 2.5 && end["folder"] as? String == "runs/train/exp")
    }

    @Test("batches come at most once in an interval, and only those whose losses are known")
    func interval() throws {
        let rare = try lines(batchInterval: .seconds(3600)) { observer in
            for number in 0..<4 { try observer.batchDidEnd(batch(number, number == 0 ? nil : losses)) }
        }
        #expect(try rare.map { try object($0)["batch"] as? Int } == [1])
    }

    @Test("a reader that is gone is an error, for which the run leaves the observer out")
    func closed() throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        signal(SIGPIPE, SIG_IGN)
        #expect(throws: (any Error).self) { try JSONObserver(pipe.fileHandleForWriting).runDidFail("nobody reads") }
    }
}
