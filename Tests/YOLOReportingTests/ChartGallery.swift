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
        renderer.draw(CurveChart.precision(many, classNames: names), as: "P80", in: folder)
        renderer.draw(CurveChart.recall(metrics(classCount: 1000), classNames: names), as: "R1000", in: folder)
        renderer.draw(CurveChart.precisionOverRecall(metrics(classCount: 0), classNames: names), as: "PR0", in: folder)
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
