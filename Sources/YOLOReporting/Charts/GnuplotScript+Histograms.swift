extension GnuplotScript {
    /// A palette from nearly white to dark blue.
    mutating func setBluePalette() {
        add(
            """
            set palette defined (0 "#f7fbff", 0.125 "#deebf7", 0.25 "#c6dbef", 0.375 "#9ecae1", 0.5 "#6baed6", 0.625 "#4292c6", \
            0.75 "#2171b5", 0.875 "#08519c", 1 "#08306b")
            """)
    }

    /// Draws how often two quantities of labels have which values: the darker the more, by the root of the number, so that rare
    /// values stay visible beside frequent ones; empty bins white.
    mutating func plotJointHistogram(
        _ statistics: LabelStatistics, _ first: LabelStatistics.Quantity, _ second: LabelStatistics.Quantity
    ) {
        let counts = statistics.jointHistogram(first, second)
        let (x, y) = (statistics.ranges[first.rawValue], statistics.ranges[second.rawValue])
        setRanges(x: x, y: y, mostTics: 5)
        // Rows of an image go down.
        if second == .y { add("set yrange [1:0]") }
        guard counts.joined().contains(where: { $0 > 0 }) else {
            plotNothing()
            return
        }
        let bins = Double(LabelStatistics.bins)
        add("set cbrange [0:\(Double(counts.joined().max() ?? 1).squareRoot())]")
        let data = data(counts.map { row in row.map { $0 > 0 ? Double($0).squareRoot() : .nan } })
        let (stepX, stepY) = (x.upper / bins, y.upper / bins)
        add("plot \(data) matrix using (($1+0.5)*\(stepX)):(($2+0.5)*\(stepY)):3 with image pixels")
    }
}
