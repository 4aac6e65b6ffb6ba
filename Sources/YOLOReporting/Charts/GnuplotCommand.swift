import PrintableText

/// A line of a gnuplot script, or a part of one.
///
/// gnuplot can run programs, so nothing from a file may become a part of its language. A `String` cannot be put into a command:
/// words come from this program's source, values as numbers, and text through `GnuplotScript.quoted`.
///
///     script.add("set title \(script.quoted(name)) offset 0,\(height)")
package struct GnuplotCommand: ExpressibleByStringInterpolation, Sendable, Hashable {
    let text: String

    package init(stringLiteral value: StaticString) { text = value.description }

    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// - Parameters:
    ///   - text: Whatever a user has called something.
    ///   - columns: How wide it may be; what is behind is cut.
    init(quoting text: String, columns: Int, isTicLabel: Bool) {
        self.text = Self.quoted(text.printable(longest: 200).shortened(toColumns: columns), isTicLabel: isTicLabel)
    }

    /// The parts with `separator` between them.
    init(_ parts: [GnuplotCommand], separator: StaticString = ", ") {
        text = parts.map(\.text).joined(separator: separator.description)
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: StaticString) { text += literal.description }

        package mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

        package mutating func appendInterpolation(_ number: Double) { text += GnuplotCommand.number(number) }

        package mutating func appendInterpolation(_ part: GnuplotCommand) { text += part.text }

        package mutating func appendInterpolation(_ color: ChartColor) { text += "rgb \"\(color.hexadecimal)\"" }
    }

    /// Six digits are more than a chart shows.
    static func number(_ value: Double) -> String {
        guard value.isDrawable else { return "NaN" }
        let rounded = value.rounded()
        if rounded == value, abs(value) < 1e15 { return "\(Int(value))" }
        return "\(Float(value))"
    }

    /// The text as a string of gnuplot's: letters, digits and a few signs as they are, every other byte as an octal escape. So it
    /// holds no quote, backquote, `@`, `$`, brace or line end that gnuplot could act on.
    private static func quoted(_ text: String, isTicLabel: Bool) -> String {
        var quoted = "\""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "/"):
                quoted.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "%") where isTicLabel:
                quoted += #"\045\045"#  // a single one would format the tic's number
            default:
                let digits = String(byte, radix: 8)
                quoted += #"\"# + String(repeating: "0", count: 3 - digits.count) + digits
            }
        }
        return quoted + "\""
    }
}

extension Double {
    /// Whether a chart shows the number: it is one, and no training has it by intention where it is larger than that.
    var isDrawable: Bool { abs(self) < 1e30 }
}
