@testable import YOLOReporting
import Testing

@Suite("Commands for gnuplot")
struct GnuplotCommandTests {
    @Test("Text becomes a string of letters, digits, a few signs and octal escapes", arguments: [
        ("person", #""person""#),
        ("traffic light", #""traffic light""#),
        ("a\"b'c`d", #""a\042b\047c\140d""#),
        ("a\\b{c}_d^e@f$g", #""a\134b\173c\175\137d\136e\100f\044g""#),
        ("狗", #""\347\213\227""#),
        ("a\nb", #""a\134u\173a\175b""#),  // shown as \u{a}
        ("100%", #""100\045""#),
        ("", #""""#),
    ])
    func quoting(_ text: String, expected: String) {
        #expect(GnuplotCommand(quoting: text, columns: 60, isTicLabel: false).text == expected)
    }

    @Test("A percent sign of a tic's label is doubled: a single one would format the tic's number")
    func ticLabel() {
        #expect(GnuplotCommand(quoting: "100%", columns: 60, isTicLabel: true).text == #""100\045\045""#)
    }

    @Test("Long names are cut by the columns that they take", arguments: [
        ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("狗狗狗", 6, "狗狗狗"), ("狗狗狗狗", 6, "狗狗…"),
    ])
    func shortening(_ text: String, columns: Int, expected: String) {
        #expect(text.shortened(toColumns: columns) == expected)
    }

    @Test("Numbers", arguments: [
        (0.1, "0.1"), (3, "3"), (-2, "-2"), (1e-7, "1e-07"), (1e20, "1e+20"), (.nan, "NaN"), (.infinity, "NaN"), (-.infinity, "NaN"),
    ])
    func numbers(_ value: Double, expected: String) {
        let command: GnuplotCommand = "\(value)"
        #expect(command.text == expected)
    }

    @Test("No script of any chart holds anything of a hostile name but its escaped form", arguments: ChartFormat.allCases)
    func hostileNames(_ format: ChartFormat) {
        for (name, chart) in SampleCharts.charts(classNames: SampleCharts.hostileNames(canary: "canary")) {
            let script = chart.script(format)
            #expect(script.utf8.allSatisfy { $0 == 10 || (32...126).contains($0) }, "\(name)")
            for forbidden in ["`", "!", "@", "script>", "system", "$("] {
                // Outside of quotes, `system` and the rest would act; inside they have been letters of a name.
                let outside = Self.outsideQuotes(script)
                #expect(!outside.contains(forbidden), "\(name): \(forbidden)")
            }
            #expect(!script.contains("`") && !script.contains("'"), "\(name)")
        }
    }

    /// The script without what stands in double quotes; an escaped quote is never written.
    private static func outsideQuotes(_ script: String) -> String {
        script.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset % 2 == 0 ? String($0.element) : nil }
            .joined(separator: " ")
    }
}

@Suite("Characters that fonts hold")
struct FontCoverageTests {
    let fonts = FontCoverage(charsets: "TrueType 20-7e e4 400-45f\nCFF 430-470 4e00-4e10\nType 1 3b1-3c9\n")

    @Test("What no usable font holds is replaced", arguments: [
        ("plain", "plain"), ("ä", "ä"), ("ö", "?"), ("кошка", "кошка"), ("α", "?"), ("一x狗", "一x?"), ("❤\u{FE0F}", "?"),
    ])
    func drawable(_ text: String, expected: String) {
        #expect(fonts.drawable(text) == expected)
        #expect(FontCoverage.everything.drawable(text) == text)
    }

    @Test("Setup has installed a font for Chinese, Japanese and Korean")
    func installed() {
        #expect(FontCoverage.installed.drawable("狗カメラ개 кошка ä") == "狗カメラ개 кошка ä")
    }
}
