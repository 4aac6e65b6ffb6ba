import Detection
import Foundation
import Testing
@testable import YOLOReporting

@Suite("What charts show")
struct ChartContentTests {
    @Test("Smoothing leaves a constant alone, keeps the mean, and follows a step")
    func smoothing() {
        #expect(smoothedOverEpochs([2, 2, 2]).allSatisfy { abs($0 - 2) < 1e-12 })
        let step = smoothedOverEpochs([Double](repeating: 0, count: 20) + [Double](repeating: 1, count: 20))
        #expect(abs(step.reduce(0, +) - 20) < 1e-9)
        #expect(step[0] < 1e-3 && step[39] > 0.999 && abs(step[19] + step[20] - 1) < 1e-9)
        #expect(smoothedOverEpochs([5]) == [5])
        #expect(smoothedOverEpochs([]) == [])
    }

    @Test("Epochs without validation are gaps, not zeros")
    func gaps() {
        var rows = SampleCharts.results(epochs: 3).rows
        for column in 4...10 { rows[1][column] = 0 }
        let table = NumberTable(columns: SampleCharts.results(epochs: 0).columns, rows: rows)
        let script = ResultsChart([.init(name: "exp", results: table)]).script(.png)
        // Ten frames, of which seven have the points of epochs 0 and 2.
        #expect(script.components(separatedBy: "0 0.5 0.5\n1 0.5 0.5\n2 0.5 0.5\n").count - 1 == 3)
        #expect(script.components(separatedBy: "0 0.5 0.5\n2 0.5 0.5\n").count - 1 == 7)
    }

    @Test("Legends of curves have the best value and where it is")
    func legends() {
        let metrics = DetectionMetrics(
            detections: [.init(confidence: 0.9, classIndex: 0, matches: ThresholdSet(lowest: 10))], labelCounts: [1, 1])
        #expect(CurveChart.precisionOverRecall(metrics, classNames: ["cat"]).curves.map(\.name) == ["cat 0.995", "1 0.000"])
        #expect(CurveChart.precisionOverRecall(metrics, classNames: ["cat"]).mean.name == "all classes 0.497 mAP@0.5")
        let f1 = CurveChart.f1(metrics, classNames: ["cat", "dog"])
        #expect(f1.curves.map(\.name) == ["cat", "dog"])
        #expect(f1.mean.name == "all classes 0.50 at 0.000")
    }

    @Test("Up to twenty classes have a legend each; more are grey")
    func greyCurves() {
        let few = CurveChart.f1(SampleCharts.metrics(classCount: 20), classNames: []).script(.svg)
        let many = CurveChart.f1(SampleCharts.metrics(classCount: 21), classNames: []).script(.svg)
        #expect(few.components(separatedBy: " title ").count - 1 == 21)
        #expect(many.components(separatedBy: " title ").count - 1 == 1)
    }

    @Test("Each column of the confusion matrix is shares of the objects of a class")
    func shares() {
        var matrix = ConfusionMatrix(classCount: 2)
        matrix[predicted: 0, actual: 0] = 3
        matrix[predicted: 2, actual: 0] = 1
        matrix[predicted: 1, actual: 2] = 5
        let shares = ConfusionMatrixChart(matrix, classNames: ["a", "b"]).shares
        #expect(shares == [[0.75, 0, 0], [0, 0, 1], [0.25, 0, 0]])
    }

    @Test("Values are written into the cells of up to thirty classes, names beside those of up to 99")
    func annotations() {
        func script(_ count: Int) -> String {
            ConfusionMatrixChart(SampleCharts.confusion(classCount: count), classNames: (0..<count).map { "name\($0)" }).script(.png)
        }
        #expect(script(30).contains("\"0.75\""))
        #expect(!script(31).contains("\"0.75\""))
        #expect(script(99).contains("\"name98\"") && script(99).contains(#""background FN""#))
        #expect(!script(100).contains("\"name"))
    }

    @Test("Labels are counted by class, and in bins of position and size")
    func labels() {
        let statistics = LabelStatistics(
            [
                .init(classIndex: 0, box: NormalizedBox(centerX: 0.01, centerY: 0.5, width: 0.2, height: 0.4)),
                .init(classIndex: 2, box: NormalizedBox(centerX: 0.01, centerY: 0.99, width: 0.1, height: 0.1)),
                .init(classIndex: 7, box: NormalizedBox(centerX: 1, centerY: .nan, width: 0.1, height: 0.1)),
            ], classCount: 3)
        #expect(statistics.classCounts == [1, 0, 1])
        #expect(statistics.histograms[0][0] == 2 && statistics.histograms[0][49] == 1)
        #expect(statistics.histograms[1].reduce(0, +) == 2)
        #expect(statistics.jointHistogram(.x, .y)[25][0] == 1 && statistics.jointHistogram(.x, .y)[49][0] == 1)
        // Sizes are counted up to the largest: 0.2 and 0.4.
        #expect(statistics.jointHistogram(.width, .height)[49][49] == 1)
        #expect(statistics.jointHistogram(.width, .height)[12][25] == 2)
        #expect(statistics.sample.count == 3)
    }

    @Test("Bins are joined by their sums")
    func coarse() {
        let joined = coarsened([[1, 2, 3, 4], [0, 0, 0, 1], [5, 0, 0, 0], [0, 0, 0, 7]], by: 2)
        #expect(joined == [[3, 8], [5, 7]])
    }

    @Test("The sample of boxes comes from all of the data set")
    func sample() {
        let statistics = LabelStatistics(
            (0..<10_000).lazy.map { .init(classIndex: $0, box: NormalizedBox(centerX: 0.5, centerY: 0.5, width: 0.1, height: 0.1)) },
            classCount: 10_000)
        #expect(statistics.sample.count == 1000)
        #expect(statistics.sample.last?.classIndex == 9990)
    }

    @Test("The best generation is the fittest, and every hyperparameter has a frame")
    func evolution() {
        let chart = EvolutionChart(SampleCharts.generations(5))
        #expect(chart.traits.map(\.name) == ["lr0", "degrees"])
        #expect(chart.best == 4)
        #expect(abs(chart.fitness[4] - (0.1 * 0.4 + 0.9 * 0.3)) < 1e-12)
        #expect(chart.script(.png).contains(#""lr0 \075 0.05""#))
    }

    @Test("Tics stand at round distances", arguments: [(0.0, 1.0, 5, 0.2), (0, 10, 6, 2), (0.049, 0.053, 6, 0.001), (0, 0, 5, 1)])
    func tics(lower: Double, upper: Double, count: Int, expected: Double) {
        #expect(abs(AxisRange(lower, upper).ticStep(atMost: count) - expected) < 1e-12)
    }

    @Test("A range holds all finite values, also if there is one or none")
    func ranges() {
        #expect(AxisRange(covering: []) == .unit)
        #expect(AxisRange(covering: [.nan, .infinity]) == .unit)
        #expect(AxisRange(covering: [0]) == AxisRange(-1, 1))
        let range = AxisRange(covering: [1, 3, .nan], margin: 0.05)
        #expect(abs(range.lower - 0.9) < 1e-12 && abs(range.upper - 3.1) < 1e-12)
    }
}
