package import Detection

/// As what the objects of each class were detected: a column for a class, the share of its objects in each row.
///
/// Source: YOLOv5 6.2, `ConfusionMatrix.plot`.
package struct ConfusionMatrixChart: Chart {
    private let matrix: ConfusionMatrix
    private let classNames: [String]
    package let width = 1200, height = 900

    /// - Parameter classNames: by class index.
    package init(_ matrix: ConfusionMatrix, classNames: [String]) {
        self.matrix = matrix
        self.classNames = classNames
    }

    /// `[predicted][actual]`: of the objects that are `actual`, the share detected as `predicted`. The last column has what was
    /// detected where nothing is, the last row what was not detected.
    var shares: [[Double]] {
        let side = matrix.classCount + 1
        let totals = (0..<side).map { actual in
            (0..<side).reduce(0) { $0 + matrix[predicted: $1, actual: actual] }
        }
        return (0..<side).map { predicted in
            (0..<side).map { actual in
                totals[actual] == 0 ? 0 : Double(matrix[predicted: predicted, actual: actual]) / Double(totals[actual])
            }
        }
    }

    package func draw(on script: inout GnuplotScript) {
        let shares = shares
        let side = shares.count
        script.setBluePalette()
        script.add("set border 0; unset grid")
        script.add("set lmargin at screen 0.16; set rmargin at screen 0.91; set tmargin at screen 0.97; set bmargin at screen 0.19")
        script.add("set label \"True\" at screen 0.535,0.025 center font \",12\"")
        script.add("set label \"Predicted\" at screen 0.015,0.58 center rotate by 90 font \",12\"")
        script.add("set colorbox user origin screen 0.93,screen 0.19 size screen 0.02,screen 0.78 noborder; set cbrange [0:1]; set cbtics 0.2 scale 0")
        script.add("set xrange [-0.5:\(Double(side) - 0.5)]; set yrange [\(Double(side) - 0.5):-0.5]")
        setTics(on: &script)
        let data = script.data(shares.map { row in row.map { $0 < 0.005 ? 0 : ($0 * 1000).rounded() / 1000 } })
        if side > 1, side <= 100 { addSeparators(side, on: &script) }
        if side <= 31 { annotate(shares, on: &script) }
        script.add("plot \(data) matrix using 1:2:3 with image")
    }

    /// Names on both axes where they can be read, else the numbers of classes.
    private func setTics(on script: inout GnuplotScript) {
        let count = matrix.classCount
        guard count < 100 else {
            let step = AxisRange(0, Double(count)).ticStep(atMost: 10)
            script.add("set xtics 0,\(step) scale 0; set ytics 0,\(step) scale 0")
            return
        }
        let size = count < 32 ? 9.0 : max(4, 9 * 32 / Double(count))
        func tics(_ background: String) -> GnuplotCommand {
            GnuplotCommand(
                (0...count).map { index in
                    let name = index == count ? background : index < classNames.count ? classNames[index] : "\(index)"
                    return "\(script.ticLabel(name, columns: 18)) \(index)"
                })
        }
        script.add("set xtics scale 0 rotate by 90 right font \",\(size)\" (\(tics("background FP")))")
        script.add("set ytics scale 0 font \",\(size)\" (\(tics("background FN")))")
    }

    private func addSeparators(_ side: Int, on script: inout GnuplotScript) {
        for index in 1..<side {
            let position = Double(index) - 0.5
            let line: GnuplotCommand = "nohead front linewidth 0.3 linecolor \(ChartColor(0xFFFFFF))"
            script.add("set arrow from \(position),graph 0 to \(position),graph 1 \(line)")
            script.add("set arrow from graph 0,first \(position) to graph 1,first \(position) \(line)")
        }
    }

    private func annotate(_ shares: [[Double]], on script: inout GnuplotScript) {
        let size = min(10, 240 / Double(shares.count))
        for (predicted, row) in shares.enumerated() {
            for (actual, share) in row.enumerated() where share >= 0.005 {
                let color = share > 0.5 ? ChartColor(0xFFFFFF) : ChartColor.text
                script.add(
                    "set label \(script.quoted(decimals(share, 2))) at \(actual),\(predicted) center front font \",\(size)\" textcolor \(color)")
            }
        }
    }
}
