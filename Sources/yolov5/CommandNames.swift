import ArgumentParser
import YOLOTraining

/// Finds a misspelt command before its arguments are taken for those of another one.
enum CommandNames {
    /// - Throws: `ValidationError` with the nearest name and all that there are.
    static func check(_ arguments: ArraySlice<String>, of command: any ParsableCommand.Type = YOLOv5.self) throws {
        let commands = command.configuration.subcommands
        guard let name = arguments.first, !name.hasPrefix("-"), name != "help", !commands.isEmpty else { return }
        if let known = commands.first(where: { $0.configuration.commandName == name }) {
            return try check(arguments.dropFirst(), of: known)
        }
        let names = commands.compactMap { $0.configuration.commandName }
        let nearest = NearestName.of(name, among: names).map { "; did you mean '\($0)'?" } ?? "."
        throw ValidationError("unknown command '\(name)'\(nearest) Commands: \(names.joined(separator: ", "))")
    }
}
