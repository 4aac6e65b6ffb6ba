extension GnuplotScript {
    /// For shares: from nearly white at 0 to dark blue.
    mutating func setSharePalette() {
        add(
            """
            set palette defined (0 "#f7fbff", 0.125 "#deebf7", 0.25 "#c6dbef", 0.375 "#9ecae1", 0.5 "#6baed6", 0.625 "#4292c6", \
            0.75 "#2171b5", 0.875 "#08519c", 1 "#08306b")
            """)
    }

    /// For counts, of which 0 is not drawn: even 1 is clearly not white.
    mutating func setCountPalette() {
        add("set palette defined (0 \"#c6dbef\", 0.2 \"#9ecae1\", 0.4 \"#6baed6\", 0.6 \"#2171b5\", 0.8 \"#08519c\", 1 \"#08306b\")")
    }

    /// Draws how often two quantities of labels have which values: the darker the more, by the root of the number, so that rare
    /// values stay visible beside frequent ones; empty bins white.
    ///
    /// - Parameter binsPerCell: how many bins along each axis make one cell of the drawing.
    mutating func plotJointHistogram(
        _ statistics: LabelStatistics, _ first: LabelStatistics.Quantity, _ second: LabelStatistics.Quantity, binsPerCell: Int = 1
    ) {
        let counts = coarsened(statistics.jointHistogram(first, second), by: binsPerCell)
        let (x, y) = (statistics.ranges[first.rawValue], statistics.ranges[second.rawValue])
        setRanges(x: x, y: y, mostTics: 5)
        // Rows of an image go down.
        if second == .y { add("set yrange [1:0]") }
        guard counts.joined().contains(where: { $0 > 0 }) else {
            plotNothing()
            return
        }
        let cells = Double(counts.count)
        add("set cbrange [0:\(Double(counts.joined().max() ?? 1).squareRoot())]")
        let data = data(counts.map { row in row.map { $0 > 0 ? Double($0).squareRoot() : .nan } })
        let (stepX, stepY) = (x.upper / cells, y.upper / cells)
        add("plot \(data) matrix using (($1+0.5)*\(stepX)):(($2+0.5)*\(stepY)):3 with image pixels")
    }
}

/// The sums of squares of `factor` by `factor` counts.
func coarsened(_ counts: [[Int]], by factor: Int) -> [[Int]] {
    let size = counts.count / factor
    return (0..<size).map { row in
        (0..<size).map { column in
            counts[row * factor..<(row + 1) * factor].reduce(0) { $0 + $1[column * factor..<(column + 1) * factor].reduce(0, +) }
        }
    }
}
