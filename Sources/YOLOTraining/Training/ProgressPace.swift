/// Says when the next look at the device is due: reading a loss makes it wait for all that it was given.
struct ProgressPace {
    private let interval: Duration
    private var latest: ContinuousClock.Instant?

    init(interval: Duration = .milliseconds(100)) {
        self.interval = interval
    }

    /// Whether the interval has passed since the last time that this said yes.
    mutating func isDue() -> Bool {
        let now = ContinuousClock.now
        if let latest, latest.duration(to: now) < interval { return false }
        latest = now
        return true
    }
}
