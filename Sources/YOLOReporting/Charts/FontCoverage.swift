import ChildProcesses
import Foundation

/// The characters that the installed fonts hold.
///
/// Where no font has a character, gnuplot's PNG terminal draws a box as large as the picture over everything else. So such
/// characters are replaced.
package struct FontCoverage: Sendable {
    private let ranges: [ClosedRange<UInt32>]?

    /// For terminals that leave the choice of fonts to the viewer.
    package static let everything = FontCoverage(ranges: nil)

    /// What fontconfig knows on this machine; Latin, Greek and Cyrillic, which every usual font has, where it cannot be asked.
    package static let installed = FontCoverage(charsets: charsets ?? "TrueType 20-7e a0-17f 386-3ce 400-45f")

    /// Whether fontconfig could be asked.
    package static var isKnown: Bool { charsets != nil }

    private static let charsets = ChildProcess.output(of: "fc-list", ["--format=%{fontformat} %{charset}\n"])

    private init(ranges: [ClosedRange<UInt32>]?) { self.ranges = ranges }

    /// - Parameter charsets: as fontconfig prints them, a line a font: `TrueType 20-7e a0-17f 192`, in hexadecimal. Fonts in other
    ///   formats than TrueType and OpenType do not count: Pango cannot use them.
    package init(charsets: String) {
        var merged: [ClosedRange<UInt32>] = []
        let usable = charsets.split(separator: "\n").filter { $0.hasPrefix("TrueType ") || $0.hasPrefix("CFF ") }
        let words = Set(usable.flatMap { $0.split(separator: " ").dropFirst() })
        let found = words.compactMap { Self.range($0) }
        for range in found.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    private static func range(_ text: Substring) -> ClosedRange<UInt32>? {
        let ends = text.split(separator: "-").compactMap { UInt32($0, radix: 16) }
        guard let first = ends.first, let last = ends.last, first <= last else { return nil }
        return first...last
    }

    /// Whether the fonts have every character of a text.
    package func covers(_ text: String) -> Bool {
        guard let ranges else { return true }
        return text.unicodeScalars.allSatisfy { Self.contains($0.value, ranges) }
    }

    /// The text with `?` for each character that cannot be drawn, and without those that only act on their neighbours.
    func drawable(_ text: String) -> String {
        guard let ranges, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        var drawable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint {
            drawable.append(scalar.value < 0x80 || Self.contains(scalar.value, ranges) ? scalar : "?")
        }
        return String(drawable)
    }

    private static func contains(_ value: UInt32, _ ranges: [ClosedRange<UInt32>]) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }
}
