extension String {
    /// The text for a terminal or a log: names from a file can hold sequences that move the cursor, hide text or turn its
    /// direction, and can be very long.
    ///
    /// - Parameter longest: characters; what comes behind is cut.
    package func printable(longest: Int) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(longest) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                printable.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: printable.append(scalar)
            }
        }
        if unicodeScalars.dropFirst(longest).first != nil { printable.append("…") }
        return String(printable)
    }
}
