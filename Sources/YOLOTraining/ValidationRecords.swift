import Foundation
import Imaging
import YOLOReporting

extension RunFolder {
    /// Writes what a validation leaves behind: `metrics.json`, and pictures of its first images.
    /// - Returns: the pictures. One that cannot be drawn is a warning: it is no reason to lose the numbers.
    func writeRecords(of report: ValidationReport, images: [ExaminedImage]) throws(TrainingError) -> [URL] {
        let file = url.appendingPathComponent("metrics.json")
        do {
            try MetricsFile(report).write(to: file)
        } catch {
            throw .cannotWrite(path: displayPath(file), reason: error.localizedDescription)
        }
        do throws(ImagingError) {
            return try ValidationPictures(classNames: report.classNames).draw(images, in: url)
        } catch {
            Warning.print("no pictures of the validation: \(error)")
            return []
        }
    }
}
