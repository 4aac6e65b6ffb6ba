import Detection
import GoldenFixtures
import Testing

@Suite("The confusion matrix")
struct ConfusionMatrixTests {
    private let box = Box(x1: 0, y1: 0, x2: 10, y2: 10)
    private let far = Box(x1: 50, y1: 0, x2: 60, y2: 10)

    @Test("Right, mistaken, missed and invented objects each have a place")
    func places() {
        var matrix = ConfusionMatrix(classCount: 2)
        matrix.add(
            [
                DetectedObject(box: box, confidence: 0.9, classIndex: 1),
                DetectedObject(box: far, confidence: 0.8, classIndex: 0),
                DetectedObject(box: far, confidence: 0.2, classIndex: 0),  // not confident enough to count
            ], labels: [LabeledBox(classIndex: 0, box: box)])
        #expect(matrix[predicted: 1, actual: 0] == 1)
        #expect(matrix[predicted: 0, actual: 2] == 1)
        #expect(matrix.falsePositives == [1, 1])

        matrix.add([DetectedObject(box: box, confidence: 0.9, classIndex: 0)], labels: [LabeledBox(classIndex: 0, box: box)])
        #expect(matrix.truePositives == [1, 0])

        matrix.add([], labels: [LabeledBox(classIndex: 1, box: box)])
        #expect(matrix[predicted: 2, actual: 1] == 1)
    }

    @Test("A label takes the detection that overlaps it most; the other is invented")
    func best() {
        var matrix = ConfusionMatrix(classCount: 2)
        matrix.add(
            [
                DetectedObject(box: Box(x1: 0, y1: 0, x2: 10, y2: 6), confidence: 0.9, classIndex: 0),
                DetectedObject(box: box, confidence: 0.5, classIndex: 1),
            ], labels: [LabeledBox(classIndex: 1, box: box)])
        #expect(matrix.truePositives == [0, 1])
        #expect(matrix[predicted: 0, actual: 2] == 1)
    }
}

@Suite(
    "The confusion matrix as the reference has it",
    .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ConfusionMatrixGoldenTests {
    @Test("Six images, one without detections, one without labels, one without a match")
    func sixImages() throws {
        let golden = try Fixtures.tensors("metrics")
        var matrix = ConfusionMatrix(classCount: 3)
        for image in 0..<6 {
            matrix.add(
                golden["confusion\(image).detections"]?.detections ?? [],
                labels: try #require(golden["confusion\(image).labels"]).labels)
        }
        // The fixture holds the matrix after the last image under every image's name.
        let counts = (0..<4).flatMap { predicted in (0..<4).map { matrix[predicted: predicted, actual: $0] } }
        #expect(counts.map(Double.init) == (try #require(golden["confusion5.matrix_after"]).doubles))
        #expect(matrix.truePositives.map(Double.init) == (try #require(golden["confusion.tp"]).doubles))
        #expect(matrix.falsePositives.map(Double.init) == (try #require(golden["confusion.fp"]).doubles))
    }
}
