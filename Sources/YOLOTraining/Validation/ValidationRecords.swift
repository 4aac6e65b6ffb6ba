import Foundation
import YOLOReporting

extension RunFolder {
    /// Writes the numbers of a validation: `metrics.json`, and `curves.json` where its details are known.
    func writeRecords(of report: ValidationReport) throws(TrainingError) {
        try write("metrics.json") { try MetricsFile(report).write(to: $0) }
        if let details = report.details {
            try write("curves.json") { try CurvesFile(details.metrics, classNames: report.classNames).write(to: $0) }
        }
    }

    private func write(_ name: String, _ write: (URL) throws -> Void) throws(TrainingError) {
        let file = url.appendingPathComponent(name)
        do {
            try write(file)
        } catch {
            throw .cannotWrite(path: displayPath(file), reason: error.localizedDescription)
        }
    }
}
