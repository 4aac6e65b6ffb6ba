import Detection
import Foundation
import YOLOReporting

/// `study_DATA_WEIGHTS.txt`: a line for each image size, in the reference's form.
///
/// Ten numbers of four digits in columns of ten: precision, recall, mAP@.5, mAP@.5:.95, three losses, which are 0, and milliseconds an
/// image of preparation, inference and suppression. The sizes are those of `ValidationOptions.studySizes`.
/// Source: task `study` of the reference's `val.py`, which `numpy.savetxt` writes.
struct StudyFile {
    let url: URL
    private var lines: [String] = []

    init(_ url: URL) { self.url = url }

    /// Adds a size and writes the file anew, so that a study that is stopped leaves what it knows.
    mutating func add(_ report: ValidationReport) throws {
        let results = report.results, speed = report.speed
        let numbers = [
            results.precision, results.recall, results.map50, results.map, 0, 0, 0, speed.preprocess, speed.inference,
            speed.nonMaximumSuppression,
        ]
        lines.append(numbers.map { String(format: "%10.4g", $0) }.joined(separator: " ") + "\n")
        try Data(lines.joined().utf8).write(to: url, options: .atomic)
    }
}
