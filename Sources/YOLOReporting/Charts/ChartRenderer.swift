import ChildProcesses
import Dispatch
package import Foundation
import Synchronization

/// Draws charts in the background, one after the other, in the order in which they come.
///
/// Whatever goes wrong is a remark and stops nothing: gnuplot is missing, it crashes, it hangs, the disk is full. A chart's file
/// is whole or not there.
///
///     let renderer = ChartRenderer(format: .png)
///     renderer.draw(chart, as: "results", in: folder)      // returns at once
///     let files = renderer.finish()                        // waits
package final class ChartRenderer: Sendable {
    private struct Task {
        let chart: any Chart
        let url: URL
    }

    private struct State {
        var waiting: [Task] = []
        var isWorking = false
        var drawn: [URL] = []
        var failures = 0
        var hasGivenUp = false
    }

    private let format: ChartFormat
    private let gnuplot: GnuplotProcess
    private let onFailure: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "charts", qos: .utility)
    private let work = DispatchGroup()

    /// - Parameters:
    ///   - program: gnuplot's path, or a name to look for in `PATH`.
    ///   - timeLimit: for a chart.
    ///   - onFailure: gets one line when the first chart fails, and none after that. It is called on another thread.
    package init(
        format: ChartFormat, program: String = "gnuplot", timeLimit: Duration = .seconds(120),
        onFailure: @escaping @Sendable (String) -> Void = { Warning.printOnce($0) }
    ) {
        self.format = format
        self.onFailure = onFailure
        gnuplot = GnuplotProcess(program: program, timeLimit: timeLimit)
    }

    /// Draws `chart` into the file `name.png` or `name.svg` of `folder`, some time until `finish`. A chart that still waits for
    /// the same file is left out.
    package func draw(_ chart: some Chart, as name: String, in folder: URL) {
        let task = Task(chart: chart, url: folder.appendingPathComponent("\(name).\(format.rawValue)"))
        let startsWork = state.withLock { state in
            guard !state.hasGivenUp else { return false }
            if let index = state.waiting.firstIndex(where: { $0.url == task.url }) {
                state.waiting[index] = task
            } else {
                state.waiting.append(task)
            }
            defer { state.isWorking = true }
            return !state.isWorking
        }
        if startsWork { queue.async(group: work) { self.drawWaiting() } }
    }

    /// Waits for all charts.
    /// - Returns: the files that were drawn so far, in the order in which they were first drawn.
    @discardableResult
    package func finish() -> [URL] {
        work.wait()
        return state.withLock { $0.drawn }
    }

    private func drawWaiting() {
        while let task = nextTask() {
            do throws(ChartFailure) {
                let fonts = format == .png ? FontCoverage.installed : .everything
                try gnuplot.draw(task.chart.script(format, fonts: fonts), format, to: task.url)
                state.withLock { if !$0.drawn.contains(task.url) { $0.drawn.append(task.url) } }
            } catch {
                note(error, of: task.url)
            }
        }
    }

    private func nextTask() -> Task? {
        state.withLock { state in
            guard !state.waiting.isEmpty, !state.hasGivenUp else {
                state.waiting = []
                state.isWorking = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func note(_ failure: ChartFailure, of url: URL) {
        let isFirst = state.withLock { state in
            state.failures += 1
            // What has failed three times will not get better, and another time-out would hold up the end of the run.
            switch failure {
            case .missing, .tookTooLong: state.hasGivenUp = true
            default: state.hasGivenUp = state.failures == 3
            }
            return state.failures == 1
        }
        guard isFirst else { return }
        switch failure {
        case .missing: onFailure(Self.remark(on: failure))
        default: onFailure("no chart \(url.path): \(failure)")
        }
    }

    private static func remark(on failure: ChartFailure) -> String { "no charts: \(failure)" }
}

extension ChartRenderer {
    /// The remark that the first chart would bring where there is no gnuplot; nil where there is one.
    package static func remarkOnMissingProgram(_ program: String = "gnuplot") -> String? {
        ChildProcess.exists(program) ? nil : remark(on: .missing)
    }

    /// What gnuplot says of its version: `gnuplot 5.4 patchlevel 4`; nil where it does not run.
    package static func programVersion(_ program: String = "gnuplot") -> String? {
        ChildProcess.output(of: program, ["--version"])?.split(separator: "\n").first.map(String.init)
    }
}
