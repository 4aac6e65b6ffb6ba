import Detection
public import Foundation

/// `metrics.json`: the numbers of a validation, for programs.
///
/// `map` and `map50` are COCO's AP and AP50 where COCO evaluated, as in the reference; `yolov5` then has the program's own beside
/// them, and `coco` all twelve figures.
public struct MetricsFile: Encodable {
    private struct Class: Encodable {
        let index: Int
        let name: String
        let labels: Int
        let precision, recall, f1, map50, map: Double
    }

    private struct Own: Encodable {
        let map50, map: Double
    }

    private let precision, recall, map50, map: Double
    /// At which precision and recall are taken; nil where the curves were not kept.
    private let confidence: Double?
    private let images, labels: Int
    private let preprocessMilliseconds, inferenceMilliseconds, suppressionMilliseconds: Double
    private let classes: [Class]
    private let yolov5: Own?
    private let coco: [String: Double?]?
    private let confusion: ConfusionMatrix?

    private enum CodingKeys: String, CodingKey {
        case precision, recall, map50, map, confidence, images, labels, classes, yolov5, coco
        case preprocessMilliseconds = "preprocess_ms"
        case inferenceMilliseconds = "inference_ms"
        case suppressionMilliseconds = "nms_ms"
    }

    public init(_ report: ValidationReport) {
        let results = report.results
        precision = results.precision
        recall = results.recall
        map50 = results.map50
        map = results.map
        confidence = report.details?.metrics.bestConfidence
        images = report.images
        labels = report.labels
        preprocessMilliseconds = report.speed.preprocess
        inferenceMilliseconds = report.speed.inference
        suppressionMilliseconds = report.speed.nonMaximumSuppression
        classes = report.classes.map {
            Class(
                index: $0.classIndex, name: report.classNames[$0.classIndex], labels: $0.labelCount,
                precision: $0.precision, recall: $0.recall, f1: $0.f1, map50: $0.ap50, map: $0.ap)
        }
        yolov5 = report.coco.map { _ in Own(map50: report.mean.map50, map: report.mean.map) }
        coco = report.coco.map { figures in Dictionary(zip(Self.figureNames, figures.all)) { first, _ in first } }
        confusion = report.details?.confusion
    }

    /// In the order of `COCOFigures.all`.
    private static let figureNames = [
        "ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large", "ar1", "ar10", "ar100", "ar_small", "ar_medium", "ar_large",
    ]

    /// Writes the file in one piece: it is never there half.
    /// - Throws: what Foundation says when the file cannot be written.
    public func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        var text = try encoder.encode(self)
        if let confusion, text.last == UInt8(ascii: "}") {
            text.removeLast(2)  // the line break and the brace
            text += Data(",\n  \"confusion_matrix\" : [\n\(Self.rows(of: confusion))\n  ]\n}".utf8)
        }
        try text.write(to: url, options: .atomic)
    }

    /// A line for each row, which an encoder would spread over a line for each number.
    ///
    /// Row and column for each class, then for the background: the row says as what objects were detected, the column what they are.
    private static func rows(of confusion: ConfusionMatrix) -> String {
        (0...confusion.classCount).map { predicted in
            let row = (0...confusion.classCount).map { String(confusion[predicted: predicted, actual: $0]) }
            return "    [\(row.joined(separator: ", "))]"
        }.joined(separator: ",\n")
    }
}
