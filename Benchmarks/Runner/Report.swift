import Foundation

/// A row of the table.
struct Figure: Encodable {
    let figure: String
    let unit: String
    let ours: Double
    let peer: Double?
    /// Above 1 where ours is better.
    let ratio: Double?

    /// Names, units, and whether less is better, in the order of the table.
    static let rows: [(name: String, unit: String, lessIsBetter: Bool)] = [
        ("step_yolov5n_fp32", "images/s", false),
        ("step_yolov5n_auto", "images/s", false),
        ("step_yolov5s_fp32", "images/s", false),
        ("step_yolov5s_auto", "images/s", false),
        ("scan", "images/s", false),
        // Of as many images as COCO has.
        ("cache_load", "s", true),
        ("cache_memory", "MB", true),
        ("loader_low_disk", "samples/s", false),
        ("loader_low_ram", "samples/s", false),
        ("loader_high_disk", "samples/s", false),
        ("loader_high_ram", "samples/s", false),
        // Of two threads, in the speed of one.
        ("loader_scaling_disk", "times", false),
        ("loader_scaling_ram", "times", false),
        // Of eight workers, over none.
        ("worker_memory", "MB", true),
        // After epoch 50, from that after epoch 5. Of several turns the one with the largest counts: one lucky turn hides nothing.
        ("memory_growth", "%", false),
        ("val_process", "s", true),
        // Of 500,000 detections in 5,000 images, files already read.
        ("coco_eval", "s", true),
        ("startup_help", "s", true),
        ("peak_memory", "MB", true),
        // Of plain reading, of the file's size, and over `--version`.
        ("checkpoint_read", "times", true),
        ("checkpoint_memory", "times", true),
        ("checkpoint_show", "ms", true),
    ]

    static func isBetter(_ value: Double, than other: Double, _ name: String) -> Bool {
        let lessIsBetter = rows.first { $0.name == name }?.lessIsBetter ?? false
        return lessIsBetter ? value < other : value > other
    }
}

struct Report {
    private let figures: [Figure]
    /// Share of the machine's matrix-multiply peak that a step reaches, by the step's name.
    private let peakShares: [String: Double]

    init(ours: [String: Double], theirs: [String: Double]) {
        figures = Figure.rows.compactMap { name, unit, lessIsBetter in
            guard let mine = ours[name] else { return nil }
            let peer = theirs[name]
            return Figure(
                figure: name, unit: unit, ours: mine, peer: peer,
                ratio: peer.map { lessIsBetter ? $0 / mine : mine / $0 })
        }
        peakShares = Dictionary(
            uniqueKeysWithValues: Figure.rows.compactMap { row in
                ours[StepBenchmark.peakShareName(row.name)].map { (row.name, $0) }
            })
    }

    var table: String {
        var lines = [row("figure", "unit", "ours", "peer", "ratio", "of peak")]
        for figure in figures {
            lines.append(
                row(
                    figure.figure, figure.unit, number(figure.ours), figure.peer.map(number) ?? "-",
                    figure.ratio.map { number($0) } ?? "-",
                    peakShares[figure.figure].map { "\(Int(($0 * 100).rounded())) %" } ?? ""))
        }
        return lines.joined(separator: "\n")
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try encoder.encode(figures).write(to: file, options: .atomic)
    }

    private func number(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.1f", value) }

    private func row(_ name: String, _ cells: String...) -> String {
        name.padding(toLength: 20, withPad: " ", startingAt: 0)
            + cells.map { String(repeating: " ", count: max(11 - $0.count, 1)) + $0 }.joined()
    }
}
