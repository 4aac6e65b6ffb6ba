/// Spellings that Python's argument parser takes and Swift's does not.
enum PythonSpelling {
    /// The arguments of this process as Swift's parser takes them.
    /// - Throws: `ValidationError` for a flag that is cut so short that it may be several.
    static func arguments() throws -> [String] { try translation.get() }

    private static let translation = Result {
        let given = Array(CommandLine.arguments.dropFirst())
        return try translated(given, given.first.flatMap(CommandFlags.init(ofCommand:)))
    }

    /// Options whose value may be left out, and what it then is.
    private static let optionalValues = ["--cache": "ram", "--resume": "", "--evolve": "300", "--upload_dataset": "true"]

    /// - Parameters:
    ///   - arguments: `--weights=` is an empty value; `--cache` alone is `--cache ram`, `--resume` alone names no run; a
    ///     negative number behind an option is its value.
    ///   - flags: of the command; where they are known, their beginnings, and underscores for hyphens, are understood.
    static func translated(_ arguments: [String], _ flags: CommandFlags? = nil) throws -> [String] {
        var result: [String] = []
        for (index, argument) in arguments.enumerated() {
            if let option = result.last, option.hasPrefix("--"), !option.contains("="), isNegativeNumber(argument) {
                result[result.count - 1] = "\(option)=\(argument)"
                continue
            }
            guard argument.hasPrefix("--"), argument.count > 2 else {
                result.append(argument)
                continue
            }
            var (name, value) = parts(argument)
            if let flags { name = try flags.name(for: name) }
            if let value {
                // An empty value must stand alone.
                result += value.isEmpty ? [name, ""] : ["\(name)=\(value)"]
                continue
            }
            result.append(name)
            if let value = optionalValues[name] {
                let isAlone = index + 1 == arguments.count || (arguments[index + 1].hasPrefix("-") && !isNegativeNumber(arguments[index + 1]))
                if isAlone { result.append(value) }
            }
        }
        return result
    }

    /// `--name=value` apart.
    private static func parts(_ argument: String) -> (name: String, value: String?) {
        guard let equals = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
    }

    private static func isNegativeNumber(_ argument: String) -> Bool {
        argument.hasPrefix("-") && argument.dropFirst().first.map { $0.isASCII && $0.isNumber || $0 == "." } == true
    }
}
