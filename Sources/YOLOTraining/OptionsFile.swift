import Foundation
import Yams

/// The value of an option, as `opt.yaml` and the console show it.
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

    private static func list(_ nodes: [Node]) -> Node { .sequence(Node.Sequence(nodes, .implicit, .flow)) }
}

/// `opt.yaml` beside a run: its options, with the hyperparameters under `hyp`, as the reference lays it out.
enum OptionsFile {
    static func text(_ options: TrainingOptions, folder: String) throws -> String {
        var entries = options.settings.map { (Node($0.name), $0.value.node) }
        let hyperparameters = Hyperparameters.keys.map { key in
            (Node(key.name), OptionValue.number(options.hyperparameters[keyPath: key.property]).node)
        }
        let afterData = min(3, entries.count)
        entries.insert((Node("hyp"), Node(hyperparameters)), at: afterData)
        entries.append((Node("save_dir"), OptionValue.text(folder).node))
        return try Yams.serialize(node: Node(entries))
    }
}
