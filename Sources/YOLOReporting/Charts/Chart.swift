/// A picture of plain numbers, drawn by gnuplot.
package protocol Chart: Sendable {
    /// In points; a PNG has two pixels a point.
    var width: Int { get }
    var height: Int { get }

    /// Adds what the chart shows. Any values may come, also none, or NaN: a chart without data is an empty frame.
    func draw(on script: inout GnuplotScript)
}

extension Chart {
    /// The whole script, which writes the picture to standard output.
    ///
    /// - Parameter fonts: what can be drawn; see `FontCoverage`.
    package func script(_ format: ChartFormat, fonts: FontCoverage = .everything) -> String {
        var script = GnuplotScript(format, width: width, height: height, fonts: fonts)
        draw(on: &script)
        return script.text
    }
}
