/// The part of an axis that a frame shows.
///
/// gnuplot refuses a frame whose range it has to find in nothing, so every range is given to it.
struct AxisRange: Hashable, Sendable {
    let lower, upper: Double

    init(_ lower: Double, _ upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    static let unit = AxisRange(0, 1)

    /// All finite values and a margin, a share of their spread, on both sides.
    init(covering values: some Sequence<Double>, margin: Double = 0.05) {
        var (least, most) = (Double.infinity, -Double.infinity)
        for value in values where value.isFinite {
            least = min(least, value)
            most = max(most, value)
        }
        guard least <= most else {
            self = .unit
            return
        }
        let spread = most - least
        // A single value stands in the middle.
        let space = spread > abs(most) * 1e-9 ? spread * margin : max(abs(most) * 0.1, 1e-6)
        self.init(least - space, most + space)
    }
}

extension GnuplotScript {
    mutating func setRanges(x: AxisRange, y: AxisRange) {
        add("set xrange [\(x.lower):\(x.upper)]; set yrange [\(y.lower):\(y.upper)]")
    }

    /// Says in the middle of the frame that there is nothing to show, and draws the frame.
    mutating func plotNothing(_ reason: StaticString = "no data") {
        add("set label 99 \(quoted(reason.description)) at graph 0.5,0.5 center textcolor \(ChartColor.frame)")
        add("plot NaN")
        add("unset label 99")
    }
}
