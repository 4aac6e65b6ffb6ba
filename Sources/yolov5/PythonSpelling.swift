/// Spellings that Python's argument parser takes and Swift's does not.
enum PythonSpelling {
    /// Options whose value may be left out, and what it then is.
    private static let optionalValues = ["--cache": "ram", "--resume": ""]

    /// - Parameter arguments: `--weights=` is an empty value; `--cache` alone is `--cache ram`,
    ///   `--resume` alone names no run.
    static func translated(_ arguments: [String]) -> [String] {
        var result: [String] = []
        for (index, argument) in arguments.enumerated() {
            if argument.hasPrefix("--"), argument.hasSuffix("="), argument.count > 3 {
                result += [String(argument.dropLast()), ""]
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
}
