import Foundation

/// The table of a validation: a line for all classes, then one for each.
struct ResultsTable {
    static let header = row(["Class", "Images", "Instances", "P", "R", "mAP50", "mAP50-95"])

    static func summary(_ report: ValidationReport) -> String {
        line(name: "all", images: report.images, labels: report.labels, report.mean)
    }

    static func classes(_ report: ValidationReport) -> [String] {
        report.classes.map { line(name: $0.name, images: report.images, labels: $0.labels, $0.scores) }
    }

    private static func line(name: String, images: Int, labels: Int, _ scores: ValidationReport.Scores) -> String {
        let numbers = [scores.precision, scores.recall, scores.averagePrecision50, scores.averagePrecision]
        return row([name, "\(images)", "\(labels)"] + numbers.map { String(format: "%.3g", $0) })
    }

    /// The name in 22 columns, the rest in 11 each, all to the right.
    private static func row(_ cells: [String]) -> String {
        cells.enumerated().map { $1.leftPadded(to: $0 == 0 ? 22 : 11) }.joined()
    }
}

extension String {
    /// Spaces before the text up to `width` columns; longer texts stay as they are.
    func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
