import Foundation

/// How far a loop is: `38%|███▊      | 3/8 [00:12<00:20,  4.07s/it]`.
struct ProgressMeter {
    let total: Int
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    init(total: Int) {
        self.total = total
        start = clock.now
    }

    /// With the bar, for a terminal.
    func bar(done: Int) -> String {
        ProgressMeter.bar(done: done, total: total, elapsed: start.duration(to: clock.now))
    }

    /// Without it, for a log.
    func counts(done: Int) -> String {
        ProgressMeter.counts(done: done, total: total, elapsed: start.duration(to: clock.now))
    }

    static func bar(done: Int, total: Int, elapsed: Duration) -> String {
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let percent = "\(Int(share * 100))%".leftPadded(to: 4)
        return "\(percent)|\(blocks(share: share, width: 10))| \(counts(done: done, total: total, elapsed: elapsed))"
    }

    static func counts(done: Int, total: Int, elapsed: Duration) -> String {
        guard done > 0 else { return "\(done)/\(total) [\(clockTime(elapsed))<?]" }
        let secondsEach = elapsed.seconds / Double(done)
        let left = Duration.seconds(secondsEach * Double(total - done))
        let rate = secondsEach > 1
            ? String(format: "%5.2fs/it", secondsEach) : String(format: "%5.2fit/s", 1 / max(secondsEach, 1e-9))
        return "\(done)/\(total) [\(clockTime(elapsed))<\(clockTime(left)), \(rate)]"
    }

    /// A bar of `width` characters in steps of an eighth of one.
    private static func blocks(share: Double, width: Int) -> String {
        let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
        let partial = Array(" ▏▎▍▌▋▊▉")
        let full = String(repeating: "█", count: eighths / 8)
        guard full.count < width else { return full }
        return full + String(partial[eighths % 8]) + String(repeating: " ", count: width - full.count - 1)
    }

    /// `mm:ss`, or `h:mm:ss` from an hour on.
    private static func clockTime(_ duration: Duration) -> String {
        let seconds = Int(duration.seconds)
        let minutesAndSeconds = String(format: "%02d:%02d", seconds / 60 % 60, seconds % 60)
        return seconds < 3600 ? minutesAndSeconds : "\(seconds / 3600):" + minutesAndSeconds
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
