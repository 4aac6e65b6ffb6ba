import Detection
import Foundation
import GoldenFixtures
import Testing
@testable import YOLOReporting

@Suite struct Gallery {
    let folder = URL(fileURLWithPath: "/tmp/pl/out")
    func metrics(classCount: Int, seed: UInt64 = 1) -> DetectionMetrics {
        var generator = SplitMix(state: seed)
        var detections: [DetectionMetrics.MatchedDetection] = []
        var counts = [Int](repeating: 0, count: classCount)
        for c in 0..<classCount {
            let skill = Double.random(in: 0.3...0.95, using: &generator)
            let n = Int.random(in: 5...200, using: &generator)
            counts[c] = n
            for _ in 0..<(2 * n) {
                let conf = Double.random(in: 0...1, using: &generator)
                let right = Double.random(in: 0...1, using: &generator) < conf * skill
                detections.append(.init(confidence: Float(conf * skill), classIndex: c, matches: right ? ThresholdSet(lowest: Int.random(in: 1...10, using: &generator)) : []))
            }
        }
        return DetectionMetrics(detections: detections, labelCounts: counts)
    }
    @Test func all() throws {
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let renderer = ChartRenderer(format: .png) { print("FAIL", $0) }
        let table = try NumberTable(contentsOf: URL(fileURLWithPath: "/work/shared/peer/coco128-10epochs.csv"))
        renderer.draw(ResultsChart([.init(name: "results", results: table)]), as: "results", in: folder)
        let one = try NumberTable(contentsOf: URL(fileURLWithPath: "/work/shared/golden/checkpoint/results.csv"))
        renderer.draw(ResultsChart([.init(name: "results", results: one)]), as: "results1", in: folder)
        renderer.draw(ResultsChart([]), as: "results0", in: folder)
        let few = metrics(classCount: 3), many = metrics(classCount: 80)
        let names = (0..<80).map { "class \($0)" }
        renderer.draw(CurveChart.precisionOverRecall(few, classNames: ["狗 dog", "`date` \" 'x' {a_b}^2", "ไทย" + String(repeating: "long ", count: 20)]), as: "PR3", in: folder)
        renderer.draw(CurveChart.f1(few, classNames: names), as: "F1_3", in: folder)
        renderer.draw(CurveChart.f1(metrics(classCount: 20), classNames: names), as: "F1_20", in: folder)
        let thousand = metrics(classCount: 1000)
        print("1000 script", ContinuousClock().measure { _ = CurveChart.recall(thousand, classNames: names).script(.png) })
        renderer.draw(CurveChart.precision(many, classNames: names), as: "P80", in: folder)
        renderer.draw(CurveChart.recall(metrics(classCount: 1000), classNames: names), as: "R1000", in: folder)
        renderer.draw(CurveChart.precisionOverRecall(metrics(classCount: 0), classNames: names), as: "PR0", in: folder)
        let clock = ContinuousClock()
        func timed(_ name: String, _ chart: some Chart) {
            print(name, clock.measure { renderer.draw(chart, as: name, in: folder); renderer.finish() })
        }
        let cocoNames = try String(contentsOf: URL(fileURLWithPath: "/work/shared/data/coco128.yaml"), encoding: .utf8).split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("  - ") else { return nil }; return String(line.dropFirst(4)) }
        var coco: [LabelStatistics.Label] = []
        let e = FileManager.default.enumerator(atPath: "/work/shared/data/coco128/labels")!
        for f in e { let f = f as! String; guard f.hasSuffix(".txt") else { continue }
            for line in try String(contentsOfFile: "/work/shared/data/coco128/labels/" + f, encoding: .utf8).split(separator: "\n") {
                let v = line.split(separator: " ").map { Float($0)! }
                coco.append(.init(classIndex: Int(v[0]), box: .init(centerX: v[1], centerY: v[2], width: v[3], height: v[4])))
            } }
        print(coco.count, cocoNames.count)
        let statistics = LabelStatistics(coco, classCount: 80)
        timed("labels80", LabelsChart(statistics, classNames: cocoNames))
        timed("correlogram", LabelsCorrelogram(statistics))
        timed("labels0", LabelsChart(LabelStatistics([], classCount: 3), classNames: ["a", "b", "c"]))
        timed("correlogram0", LabelsCorrelogram(LabelStatistics([], classCount: 3)))
        let twenty = LabelStatistics(coco.filter { $0.classIndex < 20 }, classCount: 20)
        timed("labels20", LabelsChart(twenty, classNames: cocoNames))
        timed("labels1", LabelsChart(LabelStatistics(coco.filter { $0.classIndex == 0 }, classCount: 1), classNames: ["行人 `x` 100% a_b"]))
        timed("labels1000", LabelsChart(LabelStatistics((0..<1000).flatMap { c in (0..<(1000 / (c + 1) + 1)).map { _ in LabelStatistics.Label(classIndex: c, box: .init(centerX: .random(in: 0...1), centerY: 0.5, width: 0.01, height: 0.02)) } }, classCount: 1000), classNames: cocoNames))
        for n in [1, 3, 12, 29, 80, 99, 1000] {
            var m = ConfusionMatrix(classCount: n)
            var g = SplitMix(state: 5)
            for a in 0...n { for _ in 0..<20 {
                let hit = Double.random(in: 0...1, using: &g) < 0.6
                m[predicted: hit && a < n ? a : Int.random(in: 0...n, using: &g), actual: a] += a == 2 ? 0 : 1 } }
            m[predicted: n, actual: n] = 0
            timed("confusion\(n)", ConfusionMatrixChart(m, classNames: n == 12 ? ["人", "自行车", "汽车 `id`", "\"quote\"", "100%", "{x}^2_a@b", "back\\slash\nnewline", "airplane", "bus", "train", "truck", "boat"] : cocoNames))
        }
        timed("evolve", EvolutionChart(try NumberTable(contentsOf: URL(fileURLWithPath: "/work/shared/golden/evolve/evolve.csv"))))
        var g = SplitMix(state: 5)
        let keys = try NumberTable(contentsOf: URL(fileURLWithPath: "/work/shared/golden/evolve/evolve.csv")).columns
        timed("evolve300", EvolutionChart(NumberTable(columns: keys, rows: (0..<300).map { i in
            let q = 0.3 + 0.2 * Double(i) / 300 + Double.random(in: -0.1...0.05, using: &g)
            let head: [Double] = [0.5, 0.5, q, q * 0.6, 0, 0, 0]
            let tail: [Double] = (7..<keys.count).map { _ in let r = Double.random(in: 0...1, using: &g); return r * r * r * 0.1 }
            return head + tail })))
        timed("evolve0", EvolutionChart(NumberTable(csv: "")))
        timed("LR", LearningRateChart(results: table))
        timed("LR300", LearningRateChart([0, 1, 2].map { k in .init(name: "group \(k)", rates: (0..<300).map { e -> Double in let d = Double(e); return k == 0 && e < 3 ? 0.1 - 0.03 * d : 0.01 * (1 - d / 300) + 0.0001 }) }))
        timed("study", StudyChart([("yolov5n", 0.28, 4.0), ("yolov5s", 0.374, 7.0), ("模型 `x`", 0.45, 15.0)].map { name, map, ms in
            .init(name: name, measurements: [256, 384, 512, 640, 768].map { size in
                let m: Double = map * (1 - 80 / Double(size)), t: Double = ms * pow(Double(size) / 640, 1.7)
                return StudyChart.Measurement(imageSize: size, precision: 0.5, recall: 0.5, map50: map, map: m, preprocess: 0.3, inference: t, nonMaximumSuppression: 1) }) }))
        timed("study0", StudyChart([]))
        print(renderer.finish())
    }
}
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
