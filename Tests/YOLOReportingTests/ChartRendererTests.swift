import ChildProcesses
import Foundation
import GoldenFixtures
import Synchronization
import Testing
@testable import YOLOReporting

@Suite("Drawing charts")
struct ChartRendererTests {
    private final class Remarks: Sendable {
        private let list = Mutex<[String]>([])
        var all: [String] { list.withLock { $0 } }
        func add(_ text: String) { list.withLock { $0.append(text) } }
    }

    private let remarks = Remarks()

    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = try Fixtures.temporaryFolder("charts")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func renderer(_ format: ChartFormat = .png, program: String = "gnuplot", timeLimit: Duration = .seconds(60)) -> ChartRenderer {
        let remarks = remarks
        return ChartRenderer(format: format, program: program, timeLimit: timeLimit) { remarks.add($0) }
    }

    /// A program that stands in for gnuplot.
    private func program(_ lines: String, in folder: URL) throws -> String {
        let url = folder.appendingPathComponent("program")
        try Data("#!/bin/sh\n\(lines)\n".utf8).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
        return url.path
    }

    private func files(_ folder: URL) -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? ["cannot be read"]).subtracting(["program", "count"])
    }

    private let chart = LearningRateChart([.init(name: "lr0", rates: [0.1, 0.05, 0.01])])

    // MARK: What gnuplot draws

    @Test("Every chart is drawn for any number of classes, among them none", arguments: [0, 1, 12, 80, 1000])
    func everyChart(classCount: Int) throws {
        try inFolder { folder in
            let renderer = renderer()
            let charts = SampleCharts.charts(classNames: (0..<classCount).map { "类别 \($0)" })
            for (name, chart) in charts { renderer.drawAny(chart, as: name, in: folder) }
            let drawn = renderer.finish()
            #expect(remarks.all == [])
            #expect(drawn.map(\.lastPathComponent) == charts.map { $0.name + ".png" })
            #expect(files(folder) == Set(charts.map { $0.name + ".png" }))
            for (name, chart) in charts {
                let size = try pngSize(folder.appendingPathComponent(name + ".png"))
                #expect(size == [2 * chart.width, 2 * chart.height], "\(name)")
            }
        }
    }

    @Test("A single epoch, none, and values that are no numbers", arguments: ChartFormat.allCases)
    func oddData(_ format: ChartFormat) throws {
        try inFolder { folder in
            let renderer = renderer(format)
            let tables = [
                "one": SampleCharts.results(epochs: 1), "none": NumberTable(csv: ""), "zeros": SampleCharts.results(epochs: 3, value: 0),
                "nan": SampleCharts.results(epochs: 3, value: .nan), "huge": SampleCharts.results(epochs: 3, value: 1e300),
                "tiny": SampleCharts.results(epochs: 3, value: 1e-300),
            ]
            for (name, table) in tables {
                renderer.draw(ResultsChart([.init(name: "exp", results: table)]), as: "results-\(name)", in: folder)
                renderer.draw(LearningRateChart(results: table), as: "LR-\(name)", in: folder)
                renderer.draw(EvolutionChart(table), as: "evolve-\(name)", in: folder)
            }
            renderer.draw(ResultsChart([]), as: "results", in: folder)
            renderer.draw(LearningRateChart([]), as: "LR", in: folder)
            renderer.draw(StudyChart([]), as: "study", in: folder)
            #expect(renderer.finish().count == 3 * tables.count + 3)
            #expect(remarks.all == [])
        }
    }

    @Test("Hostile names are drawn, and run nothing", arguments: ChartFormat.allCases)
    func hostileNames(_ format: ChartFormat) throws {
        try inFolder { folder in
            let canary = folder.appendingPathComponent("canary").path
            let charts = SampleCharts.charts(classNames: SampleCharts.hostileNames(canary: canary))
            let renderer = renderer(format)
            for (name, chart) in charts { renderer.drawAny(chart, as: name, in: folder) }
            // Each name on its own too, as the only one of a chart.
            for (index, name) in SampleCharts.hostileNames(canary: canary).enumerated() {
                renderer.draw(ResultsChart([.init(name: name, results: SampleCharts.results(epochs: 2))]), as: "one\(index)", in: folder)
            }
            #expect(renderer.finish().count == charts.count + SampleCharts.hostileNames(canary: canary).count)
            #expect(remarks.all == [])
            #expect(!FileManager.default.fileExists(atPath: canary))
            guard format == .svg else { return }
            let svg = try String(contentsOf: folder.appendingPathComponent("PR_curve.svg"), encoding: .utf8)
            #expect(svg.contains("&lt;/text>&lt;script>") && !svg.contains("<script"))
            #expect(svg.contains("`touch"))
        }
    }

    @Test("The folder's name can be anything")
    func oddFolder() throws {
        try inFolder { parent in
            let folder = parent.appendingPathComponent("it's \"a\" `b` \\ 狗 $HOME\n")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let renderer = renderer()
            renderer.draw(chart, as: "LR", in: folder)
            renderer.finish()
            #expect(files(folder) == ["LR.png"])
        }
    }

    @Test("Charts of the same file: the newest is what remains")
    func newest() throws {
        try inFolder { folder in
            let renderer = renderer()
            for rate in 1...20 {
                renderer.draw(LearningRateChart([.init(name: "g", rates: [Double(rate)])]), as: "LR", in: folder)
            }
            #expect(renderer.finish().count == 1)
            let direct = self.renderer()
            direct.draw(LearningRateChart([.init(name: "g", rates: [20])]), as: "direct", in: folder)
            direct.finish()
            let files = try ["LR.png", "direct.png"].map { try Data(contentsOf: folder.appendingPathComponent($0)) }
            #expect(files[0] == files[1])
        }
    }

    // MARK: What goes wrong

    @Test("A missing gnuplot is told once, with what to do, and not looked for again")
    func missing() throws {
        try inFolder { folder in
            let renderer = renderer(program: "no-such-gnuplot")
            for name in ["a", "b", "c"] { renderer.draw(chart, as: name, in: folder) }
            #expect(renderer.finish() == [])
            #expect(remarks.all == ["no charts: gnuplot is not installed (apt install gnuplot-nox)"])
            #expect(files(folder) == [])
        }
    }

    @Test("Whatever gnuplot does, there is one remark and no half file, and the old chart stays", arguments: [
        ("echo 'line 3: bad command' >&2; exit 1", "line 3: bad command"),
        ("printf 'half a picture'; kill -SEGV $$", "signal 11"),
        ("printf '\\211PNG half a picture with more than a hundred bytes'; head -c 200 /dev/zero; exit 0", "no whole picture"),
        ("exec sleep 60", "took longer"),
    ])
    func failures(_ lines: String, message: String) throws {
        try inFolder { folder in
            try Data("old".utf8).write(to: folder.appendingPathComponent("old.png"))
            let renderer = renderer(program: try program(lines, in: folder), timeLimit: message == "took longer" ? .milliseconds(300) : .seconds(30))
            renderer.draw(chart, as: "old", in: folder)
            renderer.draw(chart, as: "new", in: folder)
            #expect(renderer.finish() == [])
            #expect(remarks.all.count == 1)
            #expect(remarks.all.first?.contains(message) == true, "\(remarks.all)")
            #expect(remarks.all.first?.contains("\n") == false)
            #expect(files(folder) == ["old.png"])
            #expect(try Data(contentsOf: folder.appendingPathComponent("old.png")) == Data("old".utf8))
        }
    }

    @Test("After three failures nothing is tried any more")
    func givingUp() throws {
        try inFolder { folder in
            let renderer = renderer(program: try program("echo x >> '\(folder.path)/count'; exit 1", in: folder))
            for index in 0..<10 { renderer.draw(chart, as: "chart\(index)", in: folder) }
            renderer.finish()
            #expect(try String(contentsOf: folder.appendingPathComponent("count"), encoding: .utf8) == "x\nx\nx\n")
        }
    }

    @Test("A folder that is gone is a remark")
    func noFolder() throws {
        try inFolder { folder in
            let renderer = renderer()
            renderer.draw(chart, as: "LR", in: folder.appendingPathComponent("gone"))
            #expect(renderer.finish() == [])
            #expect(remarks.all.count == 1)
        }
    }

    @Test("The child gets no open file of this process, and is nicer than it")
    func isolation() throws {
        try inFolder { folder in
            let open = FileHandle(forReadingAtPath: "/dev/null")
            let commands = "sleep 0.1; ls /proc/self/fd | wc -l; cut -d' ' -f19 /proc/self/stat"
            let output = try #require(ChildProcess.output(of: "sh", ["-c", commands]))
            let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
            #expect(numbers == [4, 10])  // input, output, errors, and the folder that ls reads
            _ = open
        }
    }

    @Test("Nothing to wait for")
    func idle() {
        #expect(renderer().finish() == [])
    }

    private func pngSize(_ url: URL) throws -> [Int] {
        let bytes = [UInt8](try Data(contentsOf: url).prefix(24))
        try #require(bytes.count == 24 && bytes[1...3].elementsEqual("PNG".utf8))
        func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        return [number(16), number(20)]
    }
}

extension ChartRenderer {
    /// `draw` for a chart whose type is known at run time only.
    fileprivate func drawAny(_ chart: any Chart, as name: String, in folder: URL) {
        draw(chart, as: name, in: folder)
    }
}
