import Detection
import Foundation
@testable import YOLOReporting

/// Data to draw, the same on every call.
enum SampleCharts {
    /// Names that try to be more than names.
    static func hostileNames(canary: String) -> [String] {
        [
            "`touch \(canary)`", "\"; system(\"touch \(canary)\"); \"", "'.system('touch \(canary)').'", "x\n!touch \(canary)\ny",
            "\\\"; !touch \(canary) #", "$(touch \(canary))", "@GPVAL_PWD", "END\nsystem 'touch \(canary)'\n", "\\140touch \(canary)\\140",
            "a_b^c{d}|&<b>%s %d %", "</text><script>x</script>", "\u{1B}[2J\u{0}\r",
            "\u{202E}evil", "名前 '\"` ไทย 😀", "", String(repeating: "long ", count: 100),
        ]
    }

    static func metrics(classCount: Int) -> DetectionMetrics {
        var random = Sequence32()
        var detections: [DetectionMetrics.MatchedDetection] = []
        for classIndex in 0..<classCount {
            for _ in 0..<30 {
                let confidence = random.next()
                let matches = random.next() < confidence ? ThresholdSet(lowest: 5) : []
                detections.append(.init(confidence: confidence, classIndex: classIndex, matches: matches))
            }
        }
        return DetectionMetrics(detections: detections, labelCounts: [Int](repeating: 20, count: classCount))
    }

    static func confusion(classCount: Int) -> ConfusionMatrix {
        var matrix = ConfusionMatrix(classCount: classCount)
        for index in 0..<classCount {
            matrix[predicted: index, actual: index] = 3
            matrix[predicted: classCount, actual: index] = 1
        }
        return matrix
    }

    static func labels(count: Int, classCount: Int) -> LabelStatistics {
        var random = Sequence32()
        let labels = (0..<count).map { index in
            LabelStatistics.Label(
                classIndex: index % max(classCount, 1),
                box: NormalizedBox(centerX: random.next(), centerY: random.next(), width: random.next() / 2, height: random.next() / 2))
        }
        return LabelStatistics(labels, classCount: classCount)
    }

    static func results(epochs: Int, value: Double = 0.5) -> NumberTable {
        NumberTable(
            columns: ["epoch"] + ResultsChart.columns + ["x/lr0", "x/lr1", "x/lr2"],
            rows: (0..<epochs).map { [Double($0)] + [Double](repeating: value, count: 13) })
    }

    static func generations(_ count: Int) -> NumberTable {
        let metrics = ["metrics/precision", "metrics/recall", "metrics/mAP_0.5", "metrics/mAP_0.5:0.95"]
        return NumberTable(
            columns: metrics + ["val/box_loss", "val/obj_loss", "val/cls_loss", "lr0", "degrees"],
            rows: (0..<count).map { [0.5, 0.5, Double($0) / 10, 0.3, 0, 0, 0, 0.01 * Double($0 + 1), 0] })
    }

    /// All charts of a training with such names.
    static func charts(classNames names: [String]) -> [(name: String, chart: any Chart)] {
        let count = names.count
        let metrics = metrics(classCount: count)
        let statistics = labels(count: 5 * count, classCount: count)
        let measurement = StudyChart.Measurement(
            imageSize: 640, precision: 0.5, recall: 0.5, map50: 0.5, map: 0.3, preprocess: 1, inference: 5, nonMaximumSuppression: 1)
        let name = names.first ?? "none"
        let named = NumberTable(
            columns: generations(0).columns.dropLast() + [name], rows: generations(4).rows)
        return [
            ("results", ResultsChart([.init(name: name, results: results(epochs: 5))])),
            ("labels", LabelsChart(statistics, classNames: names)),
            ("labels_correlogram", LabelsCorrelogram(statistics)),
            ("confusion_matrix", ConfusionMatrixChart(confusion(classCount: count), classNames: names)),
            ("P_curve", CurveChart.precision(metrics, classNames: names)),
            ("R_curve", CurveChart.recall(metrics, classNames: names)),
            ("F1_curve", CurveChart.f1(metrics, classNames: names)),
            ("PR_curve", CurveChart.precisionOverRecall(metrics, classNames: names)),
            ("evolve", EvolutionChart(named)),
            ("LR", LearningRateChart(names.prefix(3).map { .init(name: $0, rates: [0.1, 0.01]) })),
            ("study", StudyChart(names.prefix(20).map { .init(name: $0, measurements: [measurement]) })),
        ]
    }
}

/// Numbers from 0 to 1 without a pattern that a chart would show.
struct Sequence32 {
    private var state: UInt32 = 1

    mutating func next() -> Float {
        state = state &* 1_664_525 &+ 1_013_904_223
        return Float(state >> 8) / Float(1 << 24)
    }
}
