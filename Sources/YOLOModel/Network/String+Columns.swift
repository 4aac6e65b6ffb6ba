extension String {
    /// Spaces before the text up to `width` columns; longer texts stay as they are.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

    /// Spaces behind the text up to `width` columns; longer texts stay as they are.
    func rightPadded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// The text before `suffix`; nil where it does not end so.
    package func removingSuffix(_ suffix: String) -> String? {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil
    }
}
