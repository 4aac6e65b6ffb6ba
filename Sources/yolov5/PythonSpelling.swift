/// Spellings that Python's argument parser takes and Swift's does not.
enum PythonSpelling {
    /// Options whose value may be left out, and what it then is.
    private static let optionalValues = ["--cache": "ram", "--resume": ""]

    /// - Parameter arguments: `--weights=` is an empty value; `--cache` alone is `--cache ram`,
    ///   `--resume` alone names no run; a negative number behind an option is its value.
    static func translated(_ arguments: [String]) -> [String] {
        var result: [String] = []
        for (index, argument) in arguments.enumerated() {
            if argument.hasPrefix("--"), argument.hasSuffix("="), argument.count > 3 {
                result += [String(argument.dropLast()), ""]
                continue
            }
            if let option = result.last, option.hasPrefix("--"), !option.contains("="), isNegativeNumber(argument) {
                result[result.count - 1] = "\(option)=\(argument)"
                continue
            }
            result.append(argument)
            if let value = optionalValues[argument] {
                let isAlone = index + 1 == arguments.count || arguments[index + 1].hasPrefix("-")
                if isAlone { result.append(value) }
            }
        }
        return result
    }

    private static func isNegativeNumber(_ argument: String) -> Bool {
        argument.hasPrefix("-") && argument.dropFirst().first.map { $0.isASCII && $0.isNumber || $0 == "." } == true
    }
}
