/// The learning rate of each parameter group over the epochs.
///
/// Source: YOLOv5 6.2, `plot_lr_scheduler`.
package struct LearningRateChart: Chart {
    package struct Group: Sendable {
        package let name: String
        /// One for each epoch; NaN where it is not known.
        package let rates: [Double]

        package init(name: String, rates: [Double]) {
            self.name = name
            self.rates = rates
        }
    }

    private let epochs: [Double]
    private let groups: [Group]
    package let width = 750, height = 450

    /// - Parameter firstEpoch: the number of the epoch of the first rates.
    package init(_ groups: [Group], firstEpoch: Int = 0) {
        self.groups = groups
        epochs = (0..<(groups.map(\.rates.count).max() ?? 0)).map { Double($0 + firstEpoch) }
    }

    /// The rates that `results.csv` holds: those of the last batch of each epoch.
    package init(results: NumberTable) {
        let names = ["x/lr0": "biases", "x/lr1": "weights with decay", "x/lr2": "weights of normalisation"]
        groups = results.columns.filter { $0.hasPrefix("x/lr") }.map { column in
            let group = column.dropFirst(2)
            return Group(name: names[column].map { "\(group): \($0)" } ?? String(group), rates: results[column])
        }
        epochs = results["epoch"]
    }

    package func draw(on script: inout GnuplotScript) {
        let all = groups.flatMap(\.rates).filter(\.isDrawable)
        script.add("set lmargin at screen 0.11; set rmargin at screen 0.97; set tmargin at screen 0.95; set bmargin at screen 0.13")
        script.add("set xlabel \"epoch\" font \",11\"; set ylabel \"learning rate\" font \",11\"")
        script.setRanges(
            x: AxisRange(covering: epochs, margin: 0.02), y: AxisRange(0, max(all.max() ?? 1, 1e-9) * 1.05), mostTics: 8,
            smallestXStep: 1)
        script.add("set key top right Left reverse")
        var plots: [GnuplotCommand] = []
        for (index, group) in groups.enumerated() {
            let points = zip(epochs, group.rates).filter { $0.isDrawable && $1.isDrawable }
            guard !points.isEmpty else { continue }
            let data = script.data(points.map { [$0, $1] })
            let pointSize = points.count > 100 ? 0.2 : 0.4
            // Groups often share their rates: the thinner line on top of the thicker shows both.
            let width = max(2.6 - 0.9 * Double(index), 0.8)
            plots.append(
                """
                \(data) with linespoints linewidth \(width) linecolor \(ChartColor.ofSeries(index)) pointtype 7 pointsize \(pointSize) \
                title \(script.quoted(group.name))
                """)
        }
        if plots.isEmpty { script.plotNothing() } else { script.add("plot \(GnuplotCommand(plots))") }
    }
}
