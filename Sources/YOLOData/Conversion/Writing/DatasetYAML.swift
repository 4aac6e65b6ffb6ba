import Yams

/// The text of a data set YAML.
struct DatasetYAML: Equatable {
    /// What the first line says, without its `#`.
    var title: String
    /// Paths from the YAML's folder: folders, or lists of images.
    var train: [String]
    var validation: [String]
    var test: [String]
    /// By class number.
    var names: [String]

    init(title: String, train: [String], validation: [String], test: [String], names: [String]) {
        (self.title, self.train, self.validation, self.test, self.names) = (title, train, validation, test, names)
    }

    var text: String {
        var text = "# \(title)\n"
        text += Self.entry("train", train)
        text += Self.entry("val", validation)
        if !test.isEmpty { text += Self.entry("test", test) }
        text += "nc: \(names.count)\nnames:\n"
        for (index, name) in names.enumerated() { text += "  \(index): \(Self.quoted(name))\n" }
        return text
    }

    /// Reads what `text` wrote; nil for a YAML of another hand.
    init?(_ text: String, title: String) {
        guard text.hasPrefix("# \(title)\n"), let root = try? Yams.compose(yaml: text)?.mapping,
            let names = root["names"]?.mapping?.map({ $0.value.scalar?.string ?? "" })
        else { return nil }
        func paths(_ key: String) -> [String] {
            guard let node = root[key] else { return [] }
            return node.sequence?.compactMap(\.scalar?.string) ?? node.scalar.map { [$0.string] } ?? []
        }
        self.init(title: title, train: paths("train"), validation: paths("val"), test: paths("test"), names: names)
        if self.text != text { return nil }
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
