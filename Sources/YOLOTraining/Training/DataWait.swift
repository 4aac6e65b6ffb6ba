/// How much of a loop's time passes waiting for data. A device that waits could do more with more loader threads, a cache
/// (`--cache`) or smaller images.
struct DataWait {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var waited = Duration.zero

    init() { start = clock.now }

    mutating func measure<Value>(_ next: () throws -> Value) rethrows -> Value {
        let before = clock.now
        defer { waited += before.duration(to: clock.now) }
        return try next()
    }

    /// 0 to 1.
    var share: Double { waited / max(start.duration(to: clock.now), .nanoseconds(1)) }
}
