/// The options that stand on the command line, as opposed to those that have their default.
struct GivenOptions {
    /// `--device`, …
    let names: Set<String>

    /// Those of this process; under their main names where they have several.
    init() {
        // Arguments that make no sense have ended the process before.
        let arguments = (try? PythonSpelling.arguments()) ?? []
        names = Set(arguments.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) })
    }
}
