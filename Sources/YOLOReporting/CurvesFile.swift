public import Detection
public import Foundation

/// `curves.json`: precision, recall and F1 over confidence, and precision over recall, of each class at IoU 0.5.
///
///     {"axis": [0, 0.001, … 1],
///      "classes": [
///       {"index": 0, "name": "person", "precision": […], "recall": […], "f1": […], "precision_at_recall": […]}]}
///
/// `axis` is the confidence of the first three curves and the recall of the last. Values have five decimals.
public struct CurvesFile: Sendable {
    private let curves: [ClassCurves]
    private let classNames: [String]

    /// - Parameter classNames: by class index.
    public init(_ metrics: DetectionMetrics, classNames: [String]) {
        curves = metrics.classCurves
        self.classNames = classNames
    }

    /// Writes the file in one piece: it is never there half.
    /// - Throws: what Foundation says when the file cannot be written.
    public func write(to url: URL) throws {
        var text: [UInt8] = []
        text.reserveCapacity(200_000 + curves.count * 40_000)
        text += "{\"axis\": ".utf8
        append(ClassCurves.axis, to: &text)
        text += ",\n \"classes\": [".utf8
        for (place, curve) in curves.enumerated() {
            text += "\(place == 0 ? "" : ",")\n  {\"index\": \(curve.classIndex), \"name\": ".utf8
            text += try JSONEncoder().encode(classNames[curve.classIndex])
            let lists = [
                ("precision", curve.precision), ("recall", curve.recall), ("f1", curve.f1),
                ("precision_at_recall", curve.precisionAtRecall),
            ]
            for (key, values) in lists {
                text += ",\n   \"\(key)\": ".utf8
                append(values, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
        text += "]}\n".utf8
        try Data(text).write(to: url, options: .atomic)
    }

    /// Numbers in 0...1 by hand: there are thousands of them for each class, and an encoder takes seconds for COCO's.
    private func append(_ values: [Double], to text: inout [UInt8]) {
        text.append(UInt8(ascii: "["))
        for (place, value) in values.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            var rest = Int((value * 100_000).rounded())
            guard rest < 100_000 else {
                text.append(UInt8(ascii: "1"))
                continue
            }
            text.append(UInt8(ascii: "0"))
            if rest > 0 { text.append(UInt8(ascii: ".")) }
            var weight = 10_000
            while rest > 0 {
                text.append(UInt8(ascii: "0") + UInt8(rest / weight))
                rest %= weight
                weight /= 10
            }
        }
        text.append(UInt8(ascii: "]"))
    }
}
