/// Numbers as every YAML reader takes them for numbers.
enum YAMLNumber {
    /// The shortest text that reads back as the same value. Readers of YAML 1.1 take `1e-05` for a string, `1.0e-05` for a number.
    static func text(_ value: Double) -> String {
        let text = "\(value)"
        guard let exponent = text.firstIndex(of: "e"), !text[..<exponent].contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
