import Foundation

/// The course of a training, from its `results.csv`: losses of training and validation, precision, recall and mAP over epochs.
///
/// Source: YOLOv5 6.2, `plot_results`; the smoothed curve is that of its successor, a Gaussian of 3 epochs.
package struct ResultsChart: Chart {
    /// One training of one or several to compare.
    package struct Run: Sendable {
        /// For the legend.
        package let name: String
        package let results: NumberTable

        package init(name: String, results: NumberTable) {
            self.name = name
            self.results = results
        }
    }

    private let runs: [Run]
    package let width = 1200, height = 600

    static let columns = [
        "train/box_loss", "train/obj_loss", "train/cls_loss", "metrics/precision", "metrics/recall",
        "val/box_loss", "val/obj_loss", "val/cls_loss", "metrics/mAP_0.5", "metrics/mAP_0.5:0.95",
    ]
    private static let validationColumns = Array(columns[3...])

    package init(_ runs: [Run]) {
        self.runs = runs
    }

    package func draw(on script: inout GnuplotScript) {
        script.add("set multiplot layout 2,5 margins screen 0.06,0.99,0.085,0.945 spacing screen 0.06,0.13")
        let courses = runs.map(Course.init)
        let epochs = AxisRange(covering: courses.flatMap(\.epochs), margin: 0.03)
        for (index, column) in Self.columns.enumerated() {
            drawPanel(column, courses, epochs: epochs, hasLegend: index == 1, isLowest: index >= 5, on: &script)
        }
        script.add("unset multiplot")
    }

    private func drawPanel(
        _ column: String, _ courses: [Course], epochs: AxisRange, hasLegend: Bool, isLowest: Bool, on script: inout GnuplotScript
    ) {
        script.resetFrame()
        script.add("set title \(script.quoted(column)) font \",11\" textcolor \(ChartColor.text) offset 0,-0.4")
        if isLowest { script.add("set xlabel \"epoch\" textcolor \(ChartColor.text) offset 0,0.3") }
        if hasLegend { script.add("set key top right opaque fillcolor \"#40ffffff\" box linecolor \(ChartColor.grid) linewidth 0.5") }
        let values = courses.map { $0[column] }
        script.setRanges(x: epochs, y: AxisRange(covering: values.joined()), smallestXStep: 1)

        var curves: [GnuplotCommand] = []
        for (index, course) in courses.enumerated() {
            let points = zip(course.epochs, values[index]).filter { $0.0.isDrawable && $0.1.isDrawable }
            guard !points.isEmpty else { continue }
            let color = ChartColor.ofSeries(index)
            let smooth = smoothedOverEpochs(points.map(\.1))
            let data = script.data(zip(points, smooth).map { [$0.0, $0.1, $1] })
            let name = script.quoted(course.name, columns: 20)
            let pointSize = points.count > 100 ? 0.25 : 0.5
            curves.append(
                """
                \(data) using 1:2 with linespoints linecolor \(color) linewidth 1.3 pointtype 7 pointsize \(pointSize) title \(name)
                """)
            guard points.count > 2 else { continue }
            let smoothColor = courses.count == 1 ? ChartColor.orange : color
            let title = courses.count == 1 ? script.quoted("smooth") : script.quoted("")
            curves.append("\(data) using 1:3 with lines linecolor \(smoothColor) linewidth 2.2 dashtype 3 title \(title)")
        }
        if curves.isEmpty { script.plotNothing() } else { script.add("plot \(GnuplotCommand(curves))") }
    }

    /// The numbers of a run, with NaN where nothing was measured.
    private struct Course {
        let name: String
        let epochs: [Double]
        private let results: NumberTable
        private let isValidated: [Bool]

        init(_ run: Run) {
            name = run.name
            results = run.results
            let epochs = run.results["epoch"]
            self.epochs = epochs.contains(where: \.isDrawable) ? epochs : epochs.indices.map(Double.init)
            // An epoch without validation has zeros in the file.
            let validation = ResultsChart.validationColumns.map { run.results[$0] }
            isValidated = epochs.indices.map { row in validation.contains { $0[row] != 0 } }
        }

        subscript(column: String) -> [Double] {
            let values = results[column]
            guard ResultsChart.validationColumns.contains(column) else { return values }
            return zip(values, isValidated).map { $1 ? $0 : .nan }
        }
    }
}

/// The mean of each value and those around it, weighted by a Gaussian of `sigma` values; at the ends the values are reflected.
func smoothedOverEpochs(_ values: [Double], sigma: Double = 3) -> [Double] {
    let reach = Int(4 * sigma + 0.5)
    let weights = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let total = weights.reduce(0, +)
    let count = values.count
    return values.indices.map { center in
        var sum = 0.0
        for (offset, weight) in zip(-reach...reach, weights) {
            // … 1 0 | 0 1 2 … n-1 | n-1 n-2 …
            let position = ((center + offset) % (2 * count) + 2 * count) % (2 * count)
            sum += weight * values[position < count ? position : 2 * count - 1 - position]
        }
        return sum / total
    }
}
