import Detection
import Dispatch
import Foundation
import Imaging
import Synchronization
import YOLOData
import YOLOReporting

/// The plots of a run, and sheets of its batches, drawn in the background.
///
/// What cannot be drawn is said once, and stops nothing.
final class RunPictures: Sendable {
    private let folder: RunFolder
    private let classNames: [String]
    private let charts: ChartRenderer
    private let queue = DispatchQueue(label: "pictures", qos: .utility)
    private let work = DispatchGroup()
    private let state = Mutex((drawn: [URL](), hasFailed: false))

    /// Batches that are drawn of a training and of a validation, as in the reference.
    static let batchCount = 3

    init(in folder: RunFolder, _ format: ChartFormat, classNames: [String]) {
        self.folder = folder
        self.classNames = classNames
        charts = ChartRenderer(format: format)
    }

    /// `labels` and `labels_correlogram`: how the objects of the training are distributed.
    func drawLabels(of set: LabeledImageSet) {
        queue.async(group: work) { [self] in
            let labels = set.images.indices.lazy.flatMap { image in
                set.images.objects(image).map { LabelStatistics.Label(classIndex: $0.classIndex, box: $0.box) }
            }
            let statistics = LabelStatistics(labels, classCount: classNames.count)
            charts.draw(LabelsChart(statistics, classNames: classNames), as: "labels", in: folder.url)
            charts.draw(LabelsCorrelogram(statistics), as: "labels_correlogram", in: folder.url)
        }
    }

    /// `train_batchN.jpg`: a batch as the training sees it, of the first ones of a run.
    /// - Parameter iteration: batches since the run began.
    func drawBatch(_ batch: Batch, iteration: Int) {
        guard iteration < Self.batchCount else { return }
        let file = folder.url.appendingPathComponent("train_batch\(iteration).jpg")
        draw(file.lastPathComponent) { [classNames] () throws(ImagingError) in
            try ImageFile.write(BatchSheet(classNames: classNames).image(of: batch), to: file.path)
            return [file]
        }
    }

    /// `results` and `LR`: the table of the whole run.
    func drawResults() {
        do {
            let table = try NumberTable(contentsOf: folder.url.appendingPathComponent("results.csv"))
            charts.draw(ResultsChart([.init(name: folder.url.lastPathComponent, results: table)]), as: "results", in: folder.url)
            charts.draw(LearningRateChart(results: table), as: "LR", in: folder.url)
        } catch {
            note(error, of: "results")
        }
    }

    /// `confusion_matrix`, `P_curve`, `R_curve`, `F1_curve`, `PR_curve`, and `val_batchN_labels.jpg` beside `val_batchN_pred.jpg`.
    func drawValidation(_ report: ValidationReport, examples: [[ExaminedImage]]) {
        if let details = report.details {
            let metrics = details.metrics
            if let confusion = details.confusion {
                charts.draw(ConfusionMatrixChart(confusion, classNames: classNames), as: "confusion_matrix", in: folder.url)
            }
            for (name, chart) in [
                ("P_curve", CurveChart.precision(metrics, classNames: classNames)),
                ("R_curve", .recall(metrics, classNames: classNames)), ("F1_curve", .f1(metrics, classNames: classNames)),
                ("PR_curve", .precisionOverRecall(metrics, classNames: classNames)),
            ] {
                charts.draw(chart, as: name, in: folder.url)
            }
        }
        let sheets = ValidationPictures(classNames: classNames, batches: examples)
        draw("val_batch0_pred.jpg") { [folder] () throws(ImagingError) in try sheets.draw(in: folder.url) }
    }

    /// Waits for all that has been begun.
    /// - Returns: the files.
    func finish() -> [URL] {
        work.wait()
        return state.withLock(\.drawn) + charts.finish()
    }

    // MARK: In the background

    /// - Parameter name: of a file, for a remark on failure.
    private func draw(_ name: String, _ body: @escaping @Sendable () throws(ImagingError) -> [URL]) {
        queue.async(group: work) { [self] in
            do throws(ImagingError) {
                let files = try body()
                state.withLock { $0.drawn += files }
            } catch {
                note(error, of: name)
            }
        }
    }

    private func note(_ error: any Error, of name: String) {
        let isFirst = state.withLock { state in
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        if isFirst { Warning.print("no picture \(name), and perhaps no others: \(error)") }
    }
}
