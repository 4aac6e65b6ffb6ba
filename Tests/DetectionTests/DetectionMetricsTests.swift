@testable import Detection
import GoldenFixtures
import Testing

@Suite("Average precision and the numbers beside it")
struct DetectionMetricsTests {
    private func detection(_ confidence: Float, isRight: Bool, classIndex: Int = 0) -> DetectionMetrics.MatchedDetection {
        .init(confidence: confidence, classIndex: classIndex, matches: isRight ? ThresholdSet(lowest: 10) : [])
    }

    @Test("Everything found, nothing else")
    func perfect() {
        let metrics = DetectionMetrics(
            detections: [detection(0.9, isRight: true), detection(0.8, isRight: true)], labelCounts: [2])
        #expect(metrics.mean.precision == 1)
        #expect(metrics.mean.recall == 1)
        // The curve falls to 0 at recall 1 itself: the last hundredth is a triangle.
        #expect(abs(metrics.mean.map - 0.995) < 1e-12)
        #expect(abs(metrics.mean.fitness - 0.995) < 1e-12)
        #expect(metrics.classes[0].truePositives == 2)
        #expect(metrics.classes[0].falsePositives == 0)
    }

    @Test("One right, one wrong, one label missed")
    func half() {
        let metrics = DetectionMetrics(
            detections: [detection(0.9, isRight: true), detection(0.8, isRight: false)], labelCounts: [2])
        // Precision 1 below recall 0.5, where it drops to 0.5, then a straight line to 0 at recall 1:
        // 49 strips of 1, one from 1 to 0.5, and a triangle.
        #expect(abs(metrics.mean.map50 - (0.49 + 0.0075 + 0.125)) < 1e-12)
        #expect(metrics.classes[0].recall == 0.5)
    }

    @Test("Classes without labels are left out, classes without detections count as 0")
    func classes() {
        let metrics = DetectionMetrics(
            detections: [detection(0.9, isRight: true), detection(0.9, isRight: false, classIndex: 1)],
            labelCounts: [1, 0, 3])
        #expect(metrics.classes.map(\.classIndex) == [0, 2])
        #expect(metrics.classes.map(\.labelCount) == [1, 3])
        #expect(metrics.classes[1].ap50 == 0)
        #expect(abs(metrics.mean.map50 - 0.995 / 2) < 1e-12)
    }

    @Test("Labels are counted when no detection is right, or there is none")
    func nothingRight() {
        for detections in [[], [detection(0.9, isRight: false)]] {
            let metrics = DetectionMetrics(detections: detections, labelCounts: [0, 5])
            #expect(metrics.classes.map(\.labelCount) == [5])
            #expect(metrics.mean == MeanMetrics(precision: 0, recall: 0, map50: 0, map: 0))
        }
    }

    @Test("No labels at all give zeros, not NaN")
    func nothing() {
        let metrics = DetectionMetrics(detections: [detection(0.9, isRight: false)], labelCounts: [0])
        #expect(metrics.classes.isEmpty)
        #expect(metrics.mean == MeanMetrics(precision: 0, recall: 0, map50: 0, map: 0))
    }

    @Test("The curve of precision over recall is sampled for charts")
    func sampledPrecision() {
        let metrics = DetectionMetrics(
            detections: [detection(0.9, isRight: true), detection(0.8, isRight: false)], labelCounts: [2, 1])
        let precision = metrics.sampledPrecisions[0]
        #expect(precision.count == 1000)
        #expect(precision[0] == 1)
        #expect(precision[499] == 1)  // recall 0.4995
        // From recall 0.5 on a straight line from 0.5 to 0 at recall 1.
        #expect(abs(precision[750] - (1 - 750.0 / 999)) < 1e-12)
        #expect(precision[999] == 0)
        #expect(metrics.sampledPrecisions[1] == [Double](repeating: 0, count: 1000))
    }

    @Test("A tally goes from boxes to metrics")
    func tally() {
        let box = Box(x1: 0, y1: 0, x2: 10, y2: 10)
        var tally = DetectionTally(classCount: 2)
        tally.add(
            [DetectedObject(box: box, confidence: 0.9, classIndex: 1)], labels: [LabeledBox(classIndex: 1, box: box)])
        tally.add([], labels: [LabeledBox(classIndex: 1, box: box)])
        #expect(tally.imageCount == 2)
        #expect(tally.labelCounts == [0, 2])
        #expect(tally.metrics().classes.map(\.classIndex) == [1])
        #expect(tally.metrics().mean.recall == 0.5)
    }
}

@Suite(
    "Metrics as the reference has them", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct DetectionMetricsGoldenTests {
    let golden: [String: GoldenTensor]
    let means: JSON

    init() throws {
        golden = try Fixtures.tensors("metrics")
        means = try Fixtures.json("metrics")
    }

    @Test("Five thousand detections of eighty classes")
    func classes() throws {
        let isRight = try #require(golden["tp"]).bools
        let confidences = try #require(golden["conf"]).floats
        let detections = try #require(golden["pred_cls"]).floats.enumerated().map { index, classIndex in
            DetectionMetrics.MatchedDetection(
                confidence: confidences[index], classIndex: Int(classIndex),
                matches: (0..<10).reduce(into: []) { set, threshold in
                    if isRight[index * 10 + threshold] { set.insert(ThresholdSet(rawValue: 1 << UInt16(threshold))) }
                })
        }
        var labelCounts = [Int](repeating: 0, count: 80)
        for classIndex in try #require(golden["target_cls"]).floats { labelCounts[Int(classIndex)] += 1 }

        let metrics = DetectionMetrics(detections: detections, labelCounts: labelCounts)
        #expect(metrics.classes.map(\.classIndex) == (try #require(golden["out_unique_classes"]).ints))
        func check(_ name: String, _ values: [Double]) throws {
            #expect(largestDifference(values, try #require(golden[name]).doubles) <= 1e-9, "\(name)")
        }
        try check("out_tp", metrics.classes.map { Double($0.truePositives) })
        try check("out_fp", metrics.classes.map { Double($0.falsePositives) })
        try check("out_p", metrics.classes.map(\.precision))
        try check("out_r", metrics.classes.map(\.recall))
        try check("out_f1", metrics.classes.map(\.f1))
        try check("out_ap", metrics.classes.flatMap(\.averagePrecisions))
        #expect(abs(metrics.mean.precision - means["mp"].double) <= 1e-9)
        #expect(abs(metrics.mean.recall - means["mr"].double) <= 1e-9)
        #expect(abs(metrics.mean.map50 - means["map50"].double) <= 1e-9)
        #expect(abs(metrics.mean.map - means["map"].double) <= 1e-9)
    }

    @Test("The curve and its area", arguments: 0..<3)
    func curve(index: Int) throws {
        func values(_ name: String) throws -> [Double] { try #require(golden["compute_ap\(index).\(name)"]).doubles }
        let curve = PrecisionRecallCurve(recall: try values("recall"), precision: try values("precision"))
        #expect(largestDifference(curve.recall, try values("mrec")) <= 1e-9)
        #expect(largestDifference(curve.precision, try values("mpre")) <= 1e-9)
        #expect(abs(curve.averagePrecision - means["compute_ap\(index)"].double) <= 1e-9)
    }

    @Test("Smoothing", arguments: [0.1, 0.05])
    func smoothing(fraction: Double) throws {
        let smooth = smoothed(try #require(golden["smooth.in"]).doubles, fraction: fraction)
        #expect(largestDifference(smooth, try #require(golden["smooth.f\(fraction)"]).doubles) <= 1e-9)
    }

    @Test("Fitness")
    func fitness() throws {
        let rows = try #require(golden["fitness.in"]).doubles
        let fitness = stride(from: 0, to: rows.count, by: 7).map {
            MeanMetrics(precision: rows[$0], recall: rows[$0 + 1], map50: rows[$0 + 2], map: rows[$0 + 3]).fitness
        }
        #expect(largestDifference(fitness, try #require(golden["fitness.out"]).doubles) <= 1e-9)
    }
}
