import Detection
public import Foundation

/// `metrics.json`: the numbers of a validation, for programs.
public struct MetricsFile: Encodable {
    private struct Class: Encodable {
        let index: Int
        let name: String
        let labels: Int
        let precision, recall, map50, map: Double
    }

    private let precision, recall, map50, map: Double
    private let images, labels: Int
    private let preprocessMilliseconds, inferenceMilliseconds, suppressionMilliseconds: Double
    private let classes: [Class]

    private enum CodingKeys: String, CodingKey {
        case precision, recall, map50, map, images, labels, classes
        case preprocessMilliseconds = "preprocess_ms"
        case inferenceMilliseconds = "inference_ms"
        case suppressionMilliseconds = "nms_ms"
    }

    public init(_ report: ValidationReport) {
        precision = report.mean.precision
        recall = report.mean.recall
        map50 = report.mean.map50
        map = report.mean.map
        images = report.images
        labels = report.labels
        preprocessMilliseconds = report.speed.preprocess
        inferenceMilliseconds = report.speed.inference
        suppressionMilliseconds = report.speed.nonMaximumSuppression
        classes = report.classes.map {
            Class(
                index: $0.classIndex, name: report.classNames[$0.classIndex], labels: $0.labelCount,
                precision: $0.precision, recall: $0.recall, map50: $0.ap50, map: $0.ap)
        }
    }

    /// Writes the file in one piece: it is never there half.
    /// - Throws: what Foundation says when the file cannot be written.
    public func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: url, options: .atomic)
    }
}
