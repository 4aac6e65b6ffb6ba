import Downloads
import Foundation
import YOLOData
import YOLOReporting

/// Says on the console what is fetched from where, and how far it is.
final class FetchLines {
    private let terminal = Terminal.forText()
    private let clock = ContinuousClock()
    private var lastDrawn: ContinuousClock.Instant?
    private var hasOpenLine = false

    func note(_ event: DatasetFetcher.Event, remark: String? = nil) {
        if case .progress(let progress) = event { return draw(progress) }
        end()
        switch event {
        case .fetching(let url, let path):
            terminal.print("Fetching \(RemoteFile.shown(url)) to \(path)" + (remark.map { "; \($0)" } ?? ""))
        case .unpacking(let path, let folder): terminal.print("Unpacking \(path) to \(folder)")
        case .converting(let step): terminal.print("Converting \(step.format.rawValue) labels of \(step.source) to \(step.folder)")
        case .splitting(let folder): terminal.print("Splitting \(folder)")
        case .running(let script): terminal.print("Running \(script)")
        case .progress: break
        }
    }

    /// Leaves the line of progress.
    func end() {
        if hasOpenLine { terminal.print() }
        hasOpenLine = false
        lastDrawn = nil
    }

    private func draw(_ progress: DownloadProgress) {
        guard terminal.isInteractive else { return }
        let isWhole = progress.received == progress.total
        if !isWhole, let lastDrawn, lastDrawn.duration(to: clock.now) < .milliseconds(100) { return }
        lastDrawn = clock.now
        hasOpenLine = true
        terminal.redraw(Self.text(progress))
    }

    /// `12.3 of 40.1 MB (30%)`
    static func text(_ progress: DownloadProgress) -> String {
        func megabytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1e6) }
        guard let total = progress.total, total > 0 else { return "\(megabytes(progress.received)) MB" }
        return "\(megabytes(progress.received)) of \(megabytes(total)) MB (\(Int(Double(progress.received) / Double(total) * 100))%)"
    }
}
