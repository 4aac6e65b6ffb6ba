extension String {
    /// How many columns the text takes where a Latin letter takes one: characters of Chinese, Japanese and Korean, and emoji, two.
    var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

    /// The text, or its beginning and `…`, at most `limit` columns wide.
    func shortened(toColumns limit: Int) -> String {
        guard columns > limit else { return self }
        var shortened = String.UnicodeScalarView()
        var width = 1
        for scalar in unicodeScalars {
            width += scalar.columns
            guard width <= limit else { break }
            shortened.append(scalar)
        }
        return String(shortened) + "…"
    }
}

extension Unicode.Scalar {
    fileprivate var columns: Int { value >= 0x2E80 || (0x1100...0x115F).contains(value) ? 2 : 1 }
}
