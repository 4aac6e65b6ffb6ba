@testable import Detection
import Testing

@Suite("JSON of annotations")
struct JSONReaderTests {
    private func read<Result>(_ text: String, _ body: (inout JSONReader) throws(JSONReader.Defect) -> Result) throws -> Result {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            let result = try body(&reader)
            try reader.expectEnd()
            return result
        }
    }

    @Test("numbers are read to the last bit", arguments: [
        "0", "-0", "1", "-12.5", "0.1", "0.30000000000000004", "123456789.123456789", "1e3", "1E-3", "2.5e+10", "9007199254740993",
        "0.000000000000000000000000000001", "123456789012345678901234567890", "1.7976931348623157e308", "4.9e-324", "3.141592653589793238462643",
        "100000000000000000.5", "0.10000000000000000000", "1e-400", "437.06",
    ])
    func numbers(text: String) throws {
        let number = try read(text) { reader throws(JSONReader.Defect) in try reader.readNumber() }
        #expect(number?.bitPattern == Double(text)?.bitPattern)
    }

    @Test("what Python writes for numbers that are none is read")
    func notFinite() throws {
        let numbers = try read("[NaN, Infinity, -Infinity, 1e999]") { reader throws(JSONReader.Defect) in try reader.readNumbers(atMost: 9) }
        #expect(numbers?.map { "\($0)" } == ["nan", "inf", "-inf", "inf"])
    }

    @Test("strings with escapes are read")
    func strings() throws {
        let text = #"["plain é", "\"\\\/\b\f\n\r\t", "\u00e9\ud83d\udc15", "\ud83d lone", ""]"#
        var strings: [String] = []
        try read(text) { reader throws(JSONReader.Defect) in
            try reader.readArray { reader throws(JSONReader.Defect) in strings.append(try reader.readString() ?? "nil") }
        }
        #expect(strings == ["plain é", "\"\\/\u{8}\u{C}\n\r\t", "é🐕", "\u{FFFD} lone", ""])
    }

    @Test("a value of another type is passed over")
    func otherTypes() throws {
        try read(#"[{"a": [1, {"b": null}]}, true, "x", [1, "2"]]"#) { reader throws(JSONReader.Defect) in
            var reads = 0
            try reader.readArray { reader throws(JSONReader.Defect) in
                reads += 1
                if reads == 4 { #expect(try reader.readNumbers(atMost: 4) == nil) } else { #expect(try reader.readNumber() == nil) }
            }
            #expect(reads == 4)
        }
    }
}
