import Detection
import Foundation
package import YOLOData
package import YOLOReporting

/// Reads the parts of a data set, and tells the user what was found.
struct DatasetReader {
    private let description: DatasetDescription
    private let options: LabelOptions
    private let observers: Observers
    private let reportName: String?

    /// - Parameter report: The file that will name everything that was left out; nil where there is none.
    init(_ description: DatasetDescription, _ options: LabelOptions, _ observers: Observers, report: String? = nil) {
        self.description = description
        self.options = options
        self.observers = observers
        reportName = report
    }

    /// - Parameter sources: Folders and lists of images.
    func read(_ sources: [String], name: String, requiresLabels: Bool) throws(DataError) -> LabeledImageSet {
        let set = try LabeledImageSet(
            sources, of: description, name: name, requiresLabels: requiresLabels, options: options,
            progress: { scan in observers { try $0.dataScanDidAdvance(DataScan(scan)) } })
        for line in set.report.lines(allIn: reportName) + (set.warning.map { [$0] } ?? []) { Warning.print(line) }
        return set
    }
}

extension DataScan {
    package init(_ scan: ScanProgress) {
        self.init(
            name: scan.name, done: scan.done, total: scan.total, found: scan.found, missing: scan.missing, empty: scan.empty,
            corrupt: scan.corrupt)
    }
}

extension RunFolder {
    /// What the console shows only the first lines of.
    static let labelsReportName = "labels-report.txt"

    /// Writes `labels-report.txt` where something was left out, and removes that of an earlier run where nothing was.
    func write(_ reports: [ScanReport]) throws(TrainingError) {
        let text = reports.filter { !$0.problems.isEmpty }.map(\.text).joined(separator: "\n")
        let file = url.appendingPathComponent(Self.labelsReportName)
        guard !text.isEmpty else {
            try? FileManager.default.removeItem(at: file)
            return
        }
        do {
            try Data(text.utf8).write(to: file, options: .atomic)
        } catch {
            throw .cannotWrite(path: displayPath(file), reason: error.localizedDescription)
        }
    }
}

extension ValidationReport {
    /// AP@.5:.95 of each class; the mean stands for classes without labels.
    var classPrecisions: [Double] {
        var precisions = [Double](repeating: mean.map, count: classNames.count)
        for metrics in classes { precisions[metrics.classIndex] = metrics.ap }
        return precisions
    }
}
