import Foundation
import PyTorchFile
import Yams

/// The value of an option, as `opt.yaml`, checkpoints and the console show it.
enum OptionValue: Sendable, Hashable {
    case text(String), integer(Int), number(Double), flag(Bool), texts([String]), integers([Int]), absent

    var description: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .number(let number): YAMLNumber.text(number)
        case .flag(let isOn): isOn ? "true" : "false"
        case .texts(let texts): "[" + texts.joined(separator: ", ") + "]"
        case .integers(let numbers): numbers.description
        case .absent: "none"
        }
    }

    fileprivate var node: Node {
        switch self {
        case .text(let text): Node(text, Tag(.str), text.isEmpty ? .singleQuoted : .any)
        case .integer(let number): Node(String(number), Tag(.int))
        case .number(let number): Node(YAMLNumber.text(number), Tag(.float))
        case .flag(let isOn): Node(isOn ? "true" : "false", Tag(.bool))
        case .texts(let texts): Self.list(texts.map { OptionValue.text($0).node })
        case .integers(let numbers): Self.list(numbers.map { OptionValue.integer($0).node })
        case .absent: Node("null", Tag(.null))
        }
    }

    fileprivate var pickled: PickleValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let number): .int(number)
        case .number(let number): .double(number)
        case .flag(let isOn): .bool(isOn)
        case .texts(let texts): .list(texts.map(PickleValue.string))
        case .integers(let numbers): .list(numbers.map(PickleValue.int))
        case .absent: .none
        }
    }

    private static func list(_ nodes: [Node]) -> Node { .sequence(Node.Sequence(nodes, .implicit, .flow)) }
}

/// `opt.yaml` beside a run: its options, with the hyperparameters under `hyp`, as the reference lays it out. Checkpoints hold
/// the same under `opt`.
enum OptionsFile {
    static let name = "opt.yaml"

    static func text(_ options: TrainingOptions, folder: String) throws -> String {
        let hyperparameters = (Node("hyp"), Node(options.hyperparameters.settings.map { (Node($0.name), $0.value.node) }))
        var entries = settings(options, folder: folder).map { (Node($0.name), $0.value.node) }
        entries.insert(hyperparameters, at: placeOfHyperparameters)
        return try Yams.serialize(node: Node(entries))
    }

    /// What a checkpoint holds under `opt`.
    static func record(_ options: TrainingOptions, folder: String) -> PickleValue {
        var entries = settings(options, folder: folder).map { ($0.name, $0.value.pickled) }
        entries.insert(("hyp", options.hyperparameters.record), at: placeOfHyperparameters)
        return .dictionary(PickleDictionary(entries))
    }

    /// After weights, cfg and data.
    private static let placeOfHyperparameters = 3

    private static func settings(
        _ options: TrainingOptions, folder: String
    ) -> [(name: String, value: OptionValue)] {
        options.settings + forPython + [("save_dir", .text(folder))]
    }

    /// What Python's `train --resume` looks up besides.
    private static let forPython: [(name: String, value: OptionValue)] = [
        ("resume", .flag(false)), ("evolve", .absent), ("bucket", .text("")),
        ("sync_bn", .flag(false)), ("local_rank", .integer(-1)), ("entity", .absent),
        ("upload_dataset", .flag(false)), ("bbox_interval", .integer(-1)), ("artifact_alias", .text("latest")),
        // The package of later 6.2 versions has these too.
        ("mmdet_tags", .flag(false)), ("neptune_token", .absent), ("neptune_project", .absent), ("s3_upload_dir", .absent),
    ]
}

extension Hyperparameters {
    fileprivate var settings: [(name: String, value: OptionValue)] {
        entries.map { ($0.name, .number($0.value)) }
    }

    /// What Python keeps on its models under `hyp`.
    var record: PickleValue { .dictionary(PickleDictionary(settings.map { ($0.name, $0.value.pickled) })) }
}
