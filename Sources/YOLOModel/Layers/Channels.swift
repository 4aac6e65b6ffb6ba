/// Channels inside of a block that widens or narrows: a share of its output's, rounded down as Python's `int` does.
func hiddenChannels(of outChannels: Int, expansion: Double) -> Int { Int(Double(outChannels) * expansion) }

/// The largest number that divides both: as many groups as channels in and out allow.
func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}
