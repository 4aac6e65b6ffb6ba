import Foundation

/// The twelve figures of COCO, in 0...1; nil where the ground truth has no object of that size.
public struct COCOFigures: Hashable, Sendable {
    /// Average precision: mean over the categories and the IoU thresholds 0.50, 0.55, … 0.95, at 0.50 alone, and at 0.75 alone.
    public let ap, ap50, ap75: Double?
    /// Of objects below 32 x 32 pixels, up to 96 x 96, and above.
    public let apSmall, apMedium, apLarge: Double?
    /// Average recall, with the best detection of each image and category, the best ten, and the best hundred.
    public let ar1, ar10, ar100: Double?
    /// Of objects below 32 x 32 pixels, up to 96 x 96, and above.
    public let arSmall, arMedium, arLarge: Double?

    /// In the reference's order, which is that of the properties.
    public var all: [Double?] {
        [ap, ap50, ap75, apSmall, apMedium, apLarge, ar1, ar10, ar100, arSmall, arMedium, arLarge]
    }

    /// - Parameter cells: By category and range of areas.
    init(_ cells: [COCOAccumulator.Cell?]) {
        func average(_ range: COCOAreaRange, _ value: (COCOAccumulator.Cell) -> Double) -> Double? {
            let found = stride(from: range.rawValue, to: cells.count, by: COCOAreaRange.allCases.count).compactMap { cells[$0] }
            return found.isEmpty ? nil : mean(found.map(value))
        }
        ap = average(.all) { mean($0.averagePrecisions) }
        ap50 = average(.all) { $0.averagePrecisions[0] }
        ap75 = average(.all) { $0.averagePrecisions[5] }
        apSmall = average(.small) { mean($0.averagePrecisions) }
        apMedium = average(.medium) { mean($0.averagePrecisions) }
        apLarge = average(.large) { mean($0.averagePrecisions) }
        ar1 = average(.all) { $0.averageRecalls[0] }
        ar10 = average(.all) { $0.averageRecalls[1] }
        ar100 = average(.all) { $0.averageRecalls[2] }
        arSmall = average(.small) { $0.averageRecalls[2] }
        arMedium = average(.medium) { $0.averageRecalls[2] }
        arLarge = average(.large) { $0.averageRecalls[2] }
    }
}

/// The average precision of one category; nil if the ground truth has nothing of it.
public struct COCOClassFigures: Hashable, Sendable {
    public let category: COCOGroundTruth.Category
    /// At the IoU thresholds 0.50, 0.55, … 0.95; nil likewise.
    public let averagePrecisions: [Double]?

    public var ap: Double? { averagePrecisions.map(mean) }
    public var ap50: Double? { averagePrecisions?.first }

    init(_ category: COCOGroundTruth.Category, _ cell: COCOAccumulator.Cell?) {
        self.category = category
        averagePrecisions = cell?.averagePrecisions
    }
}

extension COCOFigures: CustomStringConvertible {
    /// The twelve lines that COCO's own program prints, without a line break at the end; -1 stands for a figure that is undefined.
    public var description: String {
        let rows: [(iou: String, area: String, maxDetections: Int)] = [
            ("0.50:0.95", "all", 100), ("0.50", "all", 100), ("0.75", "all", 100),
            ("0.50:0.95", "small", 100), ("0.50:0.95", "medium", 100), ("0.50:0.95", "large", 100),
            ("0.50:0.95", "all", 1), ("0.50:0.95", "all", 10), ("0.50:0.95", "all", 100),
            ("0.50:0.95", "small", 100), ("0.50:0.95", "medium", 100), ("0.50:0.95", "large", 100),
        ]
        return zip(rows, all).enumerated().map { index, line in
            let ((iou, area, maxDetections), value) = line
            return (index < 6 ? " Average Precision  (AP)" : " Average Recall     (AR)")
                + " @[ IoU=\(padded(iou, to: 9, atEnd: true)) | area=\(padded(area, to: 6)) | "
                + "maxDets=\(padded("\(maxDetections)", to: 3)) ] = " + String(format: "%.3f", value ?? -1)
        }.joined(separator: "\n")
    }

    private func padded(_ text: String, to width: Int, atEnd: Bool = false) -> String {
        let space = String(repeating: " ", count: max(width - text.count, 0))
        return atEnd ? text + space : space + text
    }
}
