import Detection
import GoldenFixtures
import Testing

@Suite("Non-maximum suppression")
struct NonMaximumSuppressionTests {
    /// A row of two classes.
    private func row(_ box: Box, objectness: Float = 1, _ scores: Float...) -> [Float] {
        box.centerAndSize + [objectness] + scores
    }

    private func suppress(
        _ rows: [[Float]], with suppress: NonMaximumSuppression, priorLabels: [LabeledBox] = []
    ) -> [DetectedObject] {
        rows.flatMap { $0 }.withUnsafeBufferPointer { suppress($0, classCount: 2, priorLabels: priorLabels) }
    }

    let left = Box(x1: 0, y1: 0, x2: 10, y2: 10)
    let nearLeft = Box(x1: 1, y1: 0, x2: 11, y2: 10)  // IoU with left: 9 / 11
    let right = Box(x1: 50, y1: 0, x2: 60, y2: 10)

    @Test("The most confident of overlapping boxes stays, in falling order of confidence")
    func keepsTheBest() {
        let found = suppress(
            [row(left, 0.5, 0), row(nearLeft, 0.9, 0), row(right, 0.7, 0)], with: NonMaximumSuppression())
        #expect(found == [
            DetectedObject(box: nearLeft, confidence: 0.9, classIndex: 0),
            DetectedObject(box: right, confidence: 0.7, classIndex: 0),
        ])
    }

    @Test("Boxes up to the IoU threshold live side by side")
    func threshold() {
        let rows = [row(left, 0.9, 0), row(nearLeft, 0.8, 0)]
        #expect(suppress(rows, with: NonMaximumSuppression(iouThreshold: 0.8)).count == 1)
        #expect(suppress(rows, with: NonMaximumSuppression(iouThreshold: 0.82)).count == 2)
    }

    @Test("A class suppresses itself only, unless told to ignore classes")
    func classes() {
        let rows = [row(left, 0.9, 0), row(nearLeft, 0, 0.8)]
        #expect(suppress(rows, with: NonMaximumSuppression()).map(\.classIndex) == [0, 1])
        #expect(suppress(rows, with: NonMaximumSuppression(isClassAgnostic: true)).map(\.classIndex) == [0])
        #expect(suppress(rows, with: NonMaximumSuppression(classes: [1])).map(\.classIndex) == [1])
    }

    @Test("A row gives its best class, or every class above the threshold")
    func multiLabel() {
        let rows = [row(left, objectness: 0.8, 0.5, 1)]
        #expect(suppress(rows, with: NonMaximumSuppression()).map(\.confidence) == [0.8])
        let every = suppress(rows, with: NonMaximumSuppression(isMultiLabel: true))
        #expect(every.map(\.confidence) == [0.8, 0.4])
        #expect(every.map(\.classIndex) == [1, 0])
        #expect(suppress(rows, with: NonMaximumSuppression(confidenceThreshold: 0.5, isMultiLabel: true)).count == 1)
    }

    @Test("Prior labels come first and suppress predictions")
    func priorLabels() {
        let found = suppress(
            [row(nearLeft, 0.9, 0)], with: NonMaximumSuppression(),
            priorLabels: [LabeledBox(classIndex: 0, box: left), LabeledBox(classIndex: 1, box: right)])
        #expect(found.map(\.box) == [left, right])
        #expect(found.map(\.confidence) == [1, 1])
    }

    @Test("No more than the wanted number, the best ones")
    func maximum() {
        let rows = (0..<50).map { row(Box(x1: Float($0) * 20, y1: 0, x2: Float($0) * 20 + 10, y2: 10), Float($0) / 50, 0) }
        let found = suppress(rows, with: NonMaximumSuppression(confidenceThreshold: 0.01, maximumDetections: 3))
        #expect(found.map(\.confidence) == [0.98, 0.96, 0.94])
    }

    @Test("Equal confidences stay in the order of their rows")
    func ties() {
        let found = suppress([row(right, 0.5, 0), row(left, 0.5, 0)], with: NonMaximumSuppression())
        #expect(found.map(\.box) == [right, left])
    }

    @Test("Rows that are not finite give nothing")
    func notFinite() {
        var broken = row(left, 0.9, 0)
        broken[0] = .nan
        var endless = row(left, 0.9, 0)
        endless[2] = .infinity
        #expect(suppress([broken, endless, row(left, .nan, .nan)], with: NonMaximumSuppression()).isEmpty)
        #expect(suppress([], with: NonMaximumSuppression()).isEmpty)
    }
}

@Suite(
    "Non-maximum suppression as the reference has it",
    .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct NonMaximumSuppressionGoldenTests {
    private static let cases = Fixtures.areAvailable ? (try? Fixtures.json("nms")["cases"].keys) ?? [] : []

    @Test("Eighty classes, four images", arguments: cases)
    func eightyClasses(name: String) throws {
        let golden = try Fixtures.tensors("nms")
        let settings = try Fixtures.json("nms")["cases"][name]
        let suppress = NonMaximumSuppression(
            confidenceThreshold: settings["conf_thres"].float, iouThreshold: settings["iou_thres"].float,
            classes: settings["classes"].exists ? Set(settings["classes"].ints) : nil,
            isClassAgnostic: settings["agnostic"].exists, isMultiLabel: settings["multi_label"].exists,
            maximumDetections: settings["max_det"].exists ? settings["max_det"].int : 300)

        for image in 0..<4 {
            var priorLabels: [LabeledBox] = []
            if settings["labels"].bool, let rows = golden["labels\(image)"]?.rows {
                priorLabels = rows.map {
                    LabeledBox(
                        classIndex: Int($0[0]), box: Box(centerX: $0[1], centerY: $0[2], width: $0[3], height: $0[4]))
                }
            }
            let found = try #require(golden["prediction"]).row(image)
                .withUnsafeBufferPointer { suppress($0, classCount: 80, priorLabels: priorLabels) }
            let expected = try #require(golden["\(name).\(image)"]).detections
            #expect(found.count == settings["counts"][image].int)
            expectSame(found, expected)
        }
    }

    @Test("One class", arguments: 0..<4)
    func oneClass(image: Int) throws {
        let golden = try Fixtures.tensors("nms")
        let suppress = NonMaximumSuppression(confidenceThreshold: 0.01, iouThreshold: 0.5, isMultiLabel: true)
        let found = try #require(golden["prediction_nc1"]).row(image)
            .withUnsafeBufferPointer { suppress($0, classCount: 1) }
        expectSame(found, try #require(golden["nc1_conf01_iou50_multi.\(image)"]).detections)
    }

    /// Rows of one confidence come in no defined order, so each list is sorted by confidence, class and place.
    private func expectSame(_ found: [DetectedObject], _ expected: [DetectedObject]) {
        func sorted(_ objects: [DetectedObject]) -> [DetectedObject] {
            objects.sorted { ($0.confidence, $0.classIndex, $0.box.x1) > ($1.confidence, $1.classIndex, $1.box.x1) }
        }
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.confidence >= $1.confidence })
        let found = sorted(found)
        let expected = sorted(expected)
        #expect(found.map(\.classIndex) == expected.map(\.classIndex))
        #expect(largestDifference(found.map(\.confidence), expected.map(\.confidence)) <= 1e-6)
        #expect(largestDifference(found.flatMap(\.box.corners), expected.flatMap(\.box.corners)) <= 1e-3)
    }
}
