/// How position and size of a data set's objects go together: each quantity over each other, and each on its own on the diagonal.
///
/// Source: YOLOv5 6.2, `plot_labels`, its pair plot.
package struct LabelsCorrelogram: Chart {
    private let statistics: LabelStatistics
    package let width = 900, height = 900

    package init(_ statistics: LabelStatistics) {
        self.statistics = statistics
    }

    package func draw(on script: inout GnuplotScript) {
        script.setCountPalette()
        script.add("set multiplot")
        for row in LabelStatistics.Quantity.allCases {
            for column in LabelStatistics.Quantity.allCases where column.rawValue <= row.rawValue {
                drawFrame(row: row, column: column, on: &script)
            }
        }
        script.add("unset multiplot")
    }

    private func drawFrame(row: LabelStatistics.Quantity, column: LabelStatistics.Quantity, on script: inout GnuplotScript) {
        script.resetFrame()
        let (step, side) = (0.234, 0.215)
        let (left, bottom) = (0.07 + step * Double(column.rawValue), 0.065 + step * Double(3 - row.rawValue))
        script.add("set lmargin at screen \(left); set rmargin at screen \(left + side)")
        script.add("set bmargin at screen \(bottom); set tmargin at screen \(bottom + side)")
        let isLowest = row == .height
        script.add("set border 3; set ytics scale 0.5")
        if isLowest { script.add("set xlabel \(script.quoted("\(column)")) font \",10\"") }
        if column == .x { script.add("set ylabel \(script.quoted("\(row)")) font \",10\"") }
        script.add(isLowest ? "set format x" : "set format x \"\"")
        script.add(column == .x && row != .x ? "set format y" : "set format y \"\"")
        if row == column {
            drawHistogram(of: row, on: &script)
        } else {
            script.plotJointHistogram(statistics, column, row, binsPerCell: 2)
        }
    }

    private func drawHistogram(of quantity: LabelStatistics.Quantity, on script: inout GnuplotScript) {
        let counts = statistics.histograms[quantity.rawValue]
        let most = counts.max() ?? 0
        let range = statistics.ranges[quantity.rawValue]
        script.setRanges(x: range, y: AxisRange(0, max(Double(most), 1) * 1.05), mostTics: 5)
        script.add("set ytics scale 0; set border 1")
        guard most > 0 else {
            script.plotNothing()
            return
        }
        let width = range.upper / Double(counts.count)
        let data = script.data(counts.enumerated().map { [(Double($0) + 0.5) * width, Double($1)] })
        script.add("plot \(data) using 1:2:(\(width)) with boxes linecolor \(ChartColor(0x2171B5))")
    }
}
