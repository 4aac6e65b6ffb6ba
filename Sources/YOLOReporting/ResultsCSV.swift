import Detection
public import Foundation

/// Writes `results.csv`: a line an epoch with losses, metrics and learning rates, columns and layout as in the reference.
///
/// The line is on disk when the epoch is over, so other programs can follow a run.
public final class ResultsCSV: TrainingObserver {
    static let columns = [
        "epoch", "train/box_loss", "train/obj_loss", "train/cls_loss",
        "metrics/precision", "metrics/recall", "metrics/mAP_0.5", "metrics/mAP_0.5:0.95",
        "val/box_loss", "val/obj_loss", "val/cls_loss", "x/lr0", "x/lr1", "x/lr2",
    ]

    private let file: FileHandle
    private let path: String
    private var hasFailed = false

    /// - Parameter epoch: the first one to come. Lines of earlier epochs that are there stay; later ones, of a run that was
    ///   stopped before its weights were saved, go.
    /// - Throws: what Foundation says when the file cannot be created.
    public init(writingTo url: URL, from epoch: Int = 0) throws {
        path = url.path
        let kept = epoch > 0 && FileManager.default.fileExists(atPath: url.path) ? try Self.lines(of: url, before: epoch) : []
        let header = ResultsCSV.columns.map { $0.leftPadded(to: 20) }.joined(separator: ",")
        let text = ([kept.isEmpty ? header : kept[0]] + kept.dropFirst()).map { $0 + "\n" }.joined()
        try Data(text.utf8).write(to: url, options: .atomic)
        file = try FileHandle(forWritingTo: url)
        try file.seekToEnd()
    }

    /// The header and the lines of epochs before `epoch`.
    private static func lines(of url: URL, before epoch: Int) throws -> [String] {
        let text = try String(contentsOf: url, encoding: .utf8)
        let lines = text.split(separator: "\n").map(String.init)
        guard let header = lines.first else { return [] }
        return [header] + lines.dropFirst().filter { line in
            let number = line.prefix { $0 != "," }.filter { $0 != " " }
            return Int(number).map { $0 < epoch } ?? false
        }
    }

    public func fitEpochDidEnd(_ summary: EpochSummary) {
        do {
            try file.write(contentsOf: Data(ResultsCSV.line(summary).utf8))
        } catch {
            // An observer cannot stop a training whose weights may still fit on the disk: it says once what is missing.
            if !hasFailed { Warning.print("\(path) lacks epoch \(summary.position.epoch) and perhaps later ones: \(error)") }
            hasFailed = true
        }
    }

    public func teardown() {
        try? file.close()
    }

    static func line(_ summary: EpochSummary) -> String {
        let metrics = summary.validation?.mean
        let validationLosses = summary.validation?.losses
        // An epoch without validation has zeros, as in the reference.
        let values: [Double] = [
            Double(summary.position.epoch),
            summary.losses.box, summary.losses.objectness, summary.losses.classification,
            metrics?.precision ?? 0, metrics?.recall ?? 0, metrics?.map50 ?? 0, metrics?.map ?? 0,
            validationLosses?.box ?? 0, validationLosses?.objectness ?? 0, validationLosses?.classification ?? 0,
        ] + summary.learningRates
        return values.map { String(format: "%20.5g", $0) }.joined(separator: ",") + "\n"
    }
}
