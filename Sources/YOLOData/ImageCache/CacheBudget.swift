/// Memory that cached images may take (`--cache-ram`).
///
///     CacheBudget("8GB")      // .bytes(8_000_000_000)
///     CacheBudget("50%")      // half of what is free when the cache is filled
public enum CacheBudget: Hashable, Sendable {
    case bytes(Int)
    /// Of the memory that is available, 0 to 1.
    case share(Double)

    /// Half of what is available: the rest is for the training, the loader and the other programs of the machine.
    public static let automatic = CacheBudget.share(0.5)

    /// - Parameter text: A number with `KB`, `MB`, `GB`, `TB` (powers of 1000), `KiB` to `TiB` (of 1024), `B`, or `%`; in any case.
    ///   A number alone is gigabytes.
    /// - Returns: `nil` for anything else, negative numbers and more than 100 %.
    public init?(_ text: String) {
        let text = text.filter { !$0.isWhitespace }.lowercased()
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number.isFinite else { return nil }
        let unit = String(text.dropFirst(digits.count))
        if unit == "%" {
            guard number <= 100 else { return nil }
            self = .share(number / 100)
            return
        }
        let units: [String: Double] = [
            "": 1e9, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12,
            "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30, "tib": 0x1p40,
        ]
        guard let factor = units[unit], number * factor < 0x1p62 else { return nil }
        self = .bytes(Int(number * factor))
    }

    /// What the budget comes to where so many bytes are available.
    ///
    /// Not even a budget that was given goes to the limit: a tenth, at least 256 MB, is left free, so that the system never has
    /// to end the run.
    package func bytes(available: Int) -> Int {
        let safe = max(available - max(available / 10, 256_000_000), 0)
        switch self {
        case .bytes(let count): return min(count, safe)
        case .share(let share): return min(Int(Double(available) * share), safe)
        }
    }

    /// What is left of the budget after `count` bytes of it have been taken.
    package func reduced(by count: Int) -> CacheBudget {
        if case .bytes(let all) = self { .bytes(max(all - count, 0)) } else { self }
    }
}

extension CacheBudget: CustomStringConvertible {
    /// As `init(_:)` reads it.
    public var description: String {
        switch self {
        case .bytes(let count): "\(count)B"
        case .share(let share): "\(share * 100)%"
        }
    }
}
