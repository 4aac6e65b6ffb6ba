package import Detection

/// As what the objects of each class were detected: a column for a class, the share of its objects in each row.
///
/// Source: YOLOv5 6.2, `ConfusionMatrix.plot`.
package struct ConfusionMatrixChart: Chart {
    private let matrix: ConfusionMatrix
    private let classNames: [String]
    private static let longestName = 18
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
        script.setSharePalette()
        script.add("set border 0; unset grid")
        // Room for the names and the axis titles, in shares of the page.
        let (left, bottom) = ((namesWidth + 45) / Double(width), (namesWidth + 45) / Double(height))
        let (right, top) = (0.91, 0.975)
        script.add("set lmargin at screen \(left); set rmargin at screen \(right)")
        script.add("set tmargin at screen \(top); set bmargin at screen \(bottom)")
        script.add("set label \"True\" at screen \((left + right) / 2),0.022 center font \",12\"")
        script.add("set label \"Predicted\" at screen 0.015,\((bottom + top) / 2) center rotate by 90 font \",12\"")
        script.add("set colorbox user origin screen 0.93,screen \(bottom) size screen 0.02,screen \(top - bottom) noborder")
        script.add("set cbrange [0:1]; set cbtics 0.2 scale 0")
        script.add("set xrange [-0.5:\(Double(side) - 0.5)]; set yrange [\(Double(side) - 0.5):-0.5]")
        setTics(on: &script)
        let data = script.data(shares.map { row in row.map { $0 < 0.005 ? 0 : ($0 * 1000).rounded() / 1000 } })
        if side > 1, side <= 100 { addSeparators(side, on: &script) }
        if side <= 31 { annotate(shares, on: &script) }
        // Viewers of SVG blur an image whose pixels are large.
        if side <= 100 {
            script.add("plot \(data) matrix using 1:2:3 with image pixels")
        } else {
            script.add("plot \(data) matrix using 1:2:3 with image")
        }
    }

    /// Names on both axes where they can be read, else the numbers of classes.
    private func setTics(on script: inout GnuplotScript) {
        let count = matrix.classCount
        guard count < 100 else {
            let step = AxisRange(0, Double(count)).ticStep(atMost: 10)
            script.add("set xtics 0,\(step) scale 0; set ytics 0,\(step) scale 0")
            return
        }
        func tics(_ background: String) -> GnuplotCommand {
            GnuplotCommand(
                (names + [background]).enumerated().map { "\(script.ticLabel($1, columns: Self.longestName)) \($0)" })
        }
        script.add("set xtics scale 0 rotate by 90 right font \",\(fontSize)\" (\(tics("background FP")))")
        script.add("set ytics scale 0 font \",\(fontSize)\" (\(tics("background FN")))")
    }

    private var names: [String] {
        (0..<matrix.classCount).map { $0 < classNames.count ? classNames[$0] : "\($0)" }
    }

    /// Of the names, in points.
    private var fontSize: Double { matrix.classCount < 32 ? 9 : max(9 * 32 / Double(matrix.classCount), 4) }

    /// In points.
    private var namesWidth: Double {
        guard matrix.classCount < 100 else { return 30 }
        let columns = (names + ["background FN"]).map { min($0.columns, Self.longestName) }.max() ?? 0
        return Double(columns) * 0.85 * fontSize
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
                let value = script.quoted(decimals(share, 2))
                script.add("set label \(value) at \(actual),\(predicted) center front font \",\(size)\" textcolor \(color)")
            }
        }
    }
}
