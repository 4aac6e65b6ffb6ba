import Detection
import GoldenFixtures
import Testing

@Suite("Matching detections to labels")
struct DetectionMatcherTests {
    private let label = LabeledBox(classIndex: 0, box: Box(x1: 0, y1: 0, x2: 100, y2: 100))

    /// A detection of the label's upper part, whose IoU with it is `iou`.
    private func detection(iou: Float, classIndex: Int = 0) -> DetectedObject {
        DetectedObject(box: Box(x1: 0, y1: 0, x2: 100, y2: 100 * iou), confidence: 0.5, classIndex: classIndex)
    }

    private func passed(_ matches: ThresholdSet) -> Int { (0..<10).count { matches[$0] } }

    @Test("A detection is right up to its IoU")
    func thresholds() {
        let matches = DetectionMatcher()([detection(iou: 0.78)], labels: [label])
        #expect((0..<10).map { matches[0][$0] } == [true, true, true, true, true, true, false, false, false, false])
    }

    @Test("A detection of another class, or of too little of the object, is wrong")
    func wrong() {
        let matches = DetectionMatcher()([detection(iou: 0.9, classIndex: 1), detection(iou: 0.4)], labels: [label])
        #expect(matches == [[], []])
        #expect(DetectionMatcher()([detection(iou: 1)], labels: []) == [[]])
    }

    @Test("A label counts once: for the first detection that reaches the threshold")
    func once() {
        let matches = DetectionMatcher()([detection(iou: 0.62), detection(iou: 0.92)], labels: [label])
        #expect((0..<10).map { matches[0][$0] } == [true, true, true] + [Bool](repeating: false, count: 7))
        #expect((0..<10).map { matches[1][$0] } == [false, false, false] + [Bool](repeating: true, count: 6) + [false])
    }

    @Test("A detection stands for the label that it overlaps most")
    func bestLabel() {
        let shifted = LabeledBox(classIndex: 0, box: Box(x1: 0, y1: 0, x2: 100, y2: 80))
        let matches = DetectionMatcher()([detection(iou: 0.97), detection(iou: 0.96)], labels: [shifted, label])
        // Both stand for the large label, though the second could have had the small one at low thresholds.
        #expect(matches.map(passed) == [10, 0])
    }
}

@Suite(
    "Matching as the reference does it", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct DetectionMatcherGoldenTests {
    @Test("Ten thresholds")
    func thresholds() throws {
        #expect(DetectionMatcher.thresholds == (try #require(Fixtures.tensors("metrics")["iouv"]).floats))
    }

    @Test("Forty detections an image", arguments: 0..<3)
    func image(index: Int) throws {
        let golden = try Fixtures.tensors("metrics")
        let matches = DetectionMatcher()(
            try #require(golden["process_batch\(index).detections"]).detections,
            labels: try #require(golden["process_batch\(index).labels"]).labels)
        let expected = try #require(golden["process_batch\(index).correct"]).bools
        #expect(matches.flatMap { set in (0..<10).map { set[$0] } } == expected)
        #expect(expected.contains(true))
    }
}
