import Foundation
import Imaging
import YOLOReporting

extension RunFolder {
    /// Writes what a validation leaves behind: `metrics.json`, `curves.json`, and pictures of its first images.
    /// - Returns: the pictures. If they cannot be drawn that is a warning: it is no reason to lose the numbers.
    func writeRecords(of report: ValidationReport, examples: [[ExaminedImage]]) throws(TrainingError) -> [URL] {
        try write("metrics.json") { try MetricsFile(report).write(to: $0) }
        if let details = report.details {
            try write("curves.json") { try CurvesFile(details.metrics, classNames: report.classNames).write(to: $0) }
        }
        do throws(ImagingError) {
            return try ValidationPictures(classNames: report.classNames, batches: examples).draw(in: url)
        } catch {
            Warning.print("no pictures of the validation: \(error)")
            return []
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
