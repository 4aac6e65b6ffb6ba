/// The options that stand on the command line, as opposed to those that have their default.
struct GivenOptions {
    /// `--device`, …
    let names: Set<String>

    /// - Parameter arguments: as the system gives them; values may follow an equals sign.
    init(_ arguments: [String]) {
        names = Set(arguments.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) })
    }
}
