package import Yams

extension YamlError {
    /// What is wrong in one line, without the text around it, and where.
    package var explanation: (line: Int?, message: String) {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            (context.mark.line, "a key stands twice: \(keys.joined(separator: ", "))")
        default:
            (nil, "not valid YAML: \(self)")
        }
    }
}
