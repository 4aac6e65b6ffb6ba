import PrintableText

import Detection
import Foundation

/// The table of a validation: a line for all classes, then one for each.
struct ResultsTable {
    static let header = row(["Class", "Images", "Instances", "P", "R", "mAP50", "mAP50-95"])

    static func summary(_ report: ValidationReport) -> String {
        let mean = report.mean
        let numbers = [mean.precision, mean.recall, mean.map50, mean.map]
        return row(["all", "\(report.images)", "\(report.labels)"] + numbers.map(number))
    }

    static func classes(_ report: ValidationReport) -> [String] {
        report.classes.map { metrics in
            row(
                [report.classNames[metrics.classIndex].printable(longest: 100), "\(report.images)", "\(metrics.labelCount)"]
                    + [metrics.precision, metrics.recall, metrics.ap50, metrics.ap].map(number))
        }
    }

    private static func number(_ value: Double) -> String { String(format: "%.3g", value) }

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
