import ArgumentParser
import Foundation
import YOLOReporting

/// The flags of a command, by all their names.
struct CommandFlags {
    /// Main name by name.
    private let mainNames: [String: String]
    private let names: [String]

    /// - Parameter flags: the names of each flag, the main one first.
    init(_ flags: [[String]]) {
        mainNames = Dictionary(flags.flatMap { names in names.map { ($0, names[0]) } }) { first, _ in first }
        names = flags.flatMap(\.self)
    }

    /// What a name on the command line stands for; itself where nothing is known of it, for the parser to complain about.
    func name(for given: String) throws -> String {
        if let name = mainNames[given] { return name }
        let hyphenated = "--" + given.dropFirst(2).replacing("_", with: "-")
        if let name = mainNames[hyphenated] {
            Warning.print("\(given) is \(name) since release 6.0")
            return name
        }
        // As Python's parser: a beginning will do where only one flag has it. Flags of the reference come before ours.
        let candidates = Set(names.filter { $0.hasPrefix(hyphenated) }.compactMap { mainNames[$0] })
        let known = candidates.intersection(ReferenceFlags.all)
        guard let name = known.count == 1 ? known.first : candidates.count == 1 ? candidates.first : nil else {
            guard candidates.count > 1 else { return given }
            throw ValidationError("\(given) may be \(candidates.sorted().joined(separator: ", ")): write it out")
        }
        return name
    }
}

extension CommandFlags {
    /// - Parameter name: of a command without commands of its own; nil for any other.
    init?(ofCommand name: String) {
        let commands = YOLOv5.configuration.subcommands
        guard let command = commands.first(where: { $0.configuration.commandName == name }),
            command.configuration.subcommands.isEmpty,
            let description = try? JSONDecoder().decode(Description.self, from: Data(command._dumpHelp().utf8))
        else { return nil }
        self.init(
            (description.command.arguments ?? []).compactMap { argument in
                let names = (argument.names ?? []).filter { $0.kind == "long" }.map { "--" + $0.name }
                return names.isEmpty ? nil : names
            })
    }

    /// What the parser says of a command.
    private struct Description: Decodable {
        struct Command: Decodable {
            let arguments: [Argument]?
        }
        struct Argument: Decodable {
            let names: [Name]?
        }
        struct Name: Decodable {
            let kind, name: String
        }

        let command: Command
    }
}

/// The flags of the reference's `train.py` and `val.py`.
enum ReferenceFlags {
    static let train: Set = [
        "--weights", "--cfg", "--data", "--hyp", "--epochs", "--batch-size", "--imgsz", "--rect", "--resume", "--nosave", "--noval",
        "--noautoanchor", "--noplots", "--evolve", "--bucket", "--cache", "--image-weights", "--device", "--multi-scale", "--single-cls",
        "--optimizer", "--sync-bn", "--workers", "--project", "--name", "--exist-ok", "--quad", "--cos-lr", "--label-smoothing",
        "--patience", "--freeze", "--save-period", "--seed", "--local_rank", "--entity", "--upload_dataset", "--bbox_interval",
        "--artifact_alias",
    ]
    static let val: Set = [
        "--data", "--weights", "--batch-size", "--imgsz", "--conf-thres", "--iou-thres", "--task", "--device", "--workers",
        "--single-cls", "--augment", "--verbose", "--save-txt", "--save-hybrid", "--save-conf", "--save-json", "--project", "--name",
        "--exist-ok", "--half", "--dnn",
    ]
    static let all = train.union(val)
}
