import Detection

/// What a data set's labels are like: classes, boxes laid over each other, where objects are, and how large.
///
/// Source: YOLOv5 6.2, `plot_labels`.
package struct LabelsChart: Chart {
    private let statistics: LabelStatistics
    private let classNames: [String]
    private static let longestName = 14
    package let width = 900, height = 900

    /// - Parameter classNames: by class index.
    package init(_ statistics: LabelStatistics, classNames: [String]) {
        self.statistics = statistics
        self.classNames = classNames
    }

    package func draw(on script: inout GnuplotScript) {
        script.setCountPalette()
        script.add("set multiplot")
        drawClasses(on: &script)
        place(left: 0.075, bottom: 0.065, on: &script)
        script.add("set xlabel \"x\"; set ylabel \"y\"")
        script.plotJointHistogram(statistics, .x, .y)
        place(left: 0.575, bottom: 0.065, on: &script)
        script.add("set xlabel \"width\"; set ylabel \"height\"")
        script.plotJointHistogram(statistics, .width, .height)
        drawBoxes(on: &script)
        script.add("unset multiplot")
    }

    /// Begins a frame with its lower left corner there, in shares of the page.
    private func place(left: Double, bottom: Double, on script: inout GnuplotScript) {
        script.resetFrame()
        script.add("set lmargin at screen \(left); set rmargin at screen \(left + 0.4)")
        script.add("set bmargin at screen \(bottom); set tmargin at screen \(bottom + 0.385)")
    }

    private func drawClasses(on script: inout GnuplotScript) {
        place(left: 0.075, bottom: 0.585, on: &script)
        let counts = statistics.classCounts
        let most = counts.max() ?? 0
        script.add("set ylabel \"instances\"")
        script.setRanges(x: AxisRange(-0.6, max(Double(counts.count), 1) - 0.4), y: AxisRange(0, max(Double(most), 1) * 1.05))
        guard most > 0 else {
            script.plotNothing("no labels")
            return
        }
        if counts.count <= 40 {
            let names = counts.indices.map { index -> GnuplotCommand in
                "\(script.ticLabel(index < classNames.count ? classNames[index] : "\(index)", columns: Self.longestName)) \(index)"
            }
            let size = counts.count <= 20 ? 9 : 6
            let columns = counts.count * (classNames.map { min($0.columns, Self.longestName) }.max() ?? 1)
            let direction: GnuplotCommand = columns <= 40 ? "norotate" : "rotate by 90 right"
            script.add("set xtics \(direction) font \",\(size)\" (\(GnuplotCommand(names)))")
        } else {
            script.add("set xlabel \"classes\"")
        }
        script.add("unset grid; set grid ytics linetype 1 linewidth 0.5 linecolor \(ChartColor.grid)")
        // A bar of a data set with hundreds of classes is thinner than a pixel, and would be pale.
        let width = counts.count <= 200 ? 0.85 : Double(counts.count) / 400
        let colors = counts.indices.map { counts.count <= 200 ? ChartColor.ofClass($0) : .blue }
        let data = script.data(zip(counts, colors).enumerated().map { [Double($0), Double($1.0), Double($1.1.value)] })
        script.add("plot \(data) using 1:2:(\(width)):3 with boxes linecolor rgb variable")
        script.add("set xtics norotate font \",9\"; set grid linetype 1 linewidth 0.5 linecolor \(ChartColor.grid)")
    }

    private func drawBoxes(on script: inout GnuplotScript) {
        place(left: 0.575, bottom: 0.585, on: &script)
        script.setRanges(x: .unit, y: .unit)
        script.add("unset xtics; unset ytics; unset grid; unset border")
        if statistics.sample.isEmpty {
            script.plotNothing("no labels")
        } else {
            let data = script.data(
                statistics.sample.map { label in
                    let color = ChartColor.ofClass(label.classIndex).withTransparency(0.4)
                    return [Double(label.box.width) / 2, Double(label.box.height) / 2, Double(color.value)]
                })
            script.add(
                "plot \(data) using (0.5):(0.5):1:2:3 with boxxyerror linecolor rgb variable linewidth 0.5 fillstyle empty border")
        }
    }
}
