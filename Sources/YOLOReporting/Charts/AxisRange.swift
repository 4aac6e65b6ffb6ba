import Foundation

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

    /// All drawable values and a margin, a share of their spread, on both sides.
    init(covering values: some Sequence<Double>, margin: Double = 0.05) {
        var (least, most) = (Double.infinity, -Double.infinity)
        for value in values where value.isDrawable {
            least = min(least, value)
            most = max(most, value)
        }
        guard least <= most else {
            self = .unit
            return
        }
        let spread = most - least
        // A single value stands in the middle.
        let space = if spread > max(abs(most) * 1e-6, 1e-30) {
            spread * margin
        } else {
            abs(most) > 1e-30 ? abs(most) * 0.1 : 1
        }
        self.init(least - space, most + space)
    }

    /// 1, 2 or 5 times a power of ten: the smallest such distance of which at most `count` fit into the range.
    func ticStep(atMost count: Int) -> Double {
        let least = (upper - lower) / Double(count)
        guard least > 0, least.isDrawable else { return 1 }
        let power = pow(10, floor(log10(least)))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
    }
}

extension GnuplotScript {
    /// Ranges of the axes, and tics at round numbers.
    /// - Parameter smallestXStep: 1 where x counts something, such as epochs.
    mutating func setRanges(x: AxisRange, y: AxisRange, mostTics: Int = 6, smallestXStep: Double = 0) {
        add("set xrange [\(x.lower):\(x.upper)]; set yrange [\(y.lower):\(y.upper)]")
        add("set xtics \(max(x.ticStep(atMost: mostTics), smallestXStep)); set ytics \(y.ticStep(atMost: mostTics))")
    }

    /// Says in the middle of the frame that there is nothing to show, and draws the frame.
    mutating func plotNothing(_ reason: StaticString = "no data") {
        add("set label 99 \(quoted(reason.description)) at graph 0.5,0.5 center textcolor \(ChartColor.frame)")
        add("plot NaN")
        add("unset label 99")
    }
}
