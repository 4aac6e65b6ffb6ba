/// The text of a data set YAML.
struct DatasetYAML {
    /// What the first line says, without its `#`.
    var title: String
    /// Paths from the YAML's folder: folders, or lists of images.
    var train: [String]
    var validation: [String]
    var test: [String]
    /// By class number.
    var names: [String]

    var text: String {
        var text = "# \(title)\n"
        text += Self.entry("train", train)
        text += Self.entry("val", validation)
        if !test.isEmpty { text += Self.entry("test", test) }
        text += "nc: \(names.count)\nnames:\n"
        for (index, name) in names.enumerated() { text += "  \(index): \(Self.quoted(name))\n" }
        return text
    }

    private static func entry(_ key: String, _ paths: [String]) -> String {
        if paths.count == 1 { return "\(key): \(quoted(paths[0]))\n" }
        return "\(key):\n" + paths.map { "  - \(quoted($0))\n" }.joined()
    }

    /// A scalar that YAML reads back as this text: plain where that is safe, else in double quotes.
    static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.isASCII && "0123456789 _-/.".unicodeScalars.contains(scalar)
        }
        let startsWithLetter = text.unicodeScalars.first?.properties.isAlphabetic == true
        let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        if isPlain, startsWithLetter, !text.hasSuffix(" "), !words.contains(text.lowercased()) { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                let isPrintable = (0x20...0x7E).contains(scalar.value) || (0xA0...0xD7FF).contains(scalar.value)
                    || (0xE000...0xFFFD).contains(scalar.value) && scalar != "\u{FEFF}" || scalar.value >= 0x10000
                if isPrintable, scalar != "\u{2028}", scalar != "\u{2029}" {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return quoted + "\""
    }
}
