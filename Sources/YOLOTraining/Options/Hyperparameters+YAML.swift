import Foundation
import Yams

extension Hyperparameters {
    /// Reads a hyperparameter file. Keys that it leaves out keep their defaults.
    /// - Parameters:
    ///   - text: the YAML, one `key: number` a line.
    ///   - file: the name for error messages.
    /// - Throws: `TrainingError.unknownKey` with the nearest known key, `.wrongValue` with the line and what was expected.
    public init(yaml text: String, file: String) throws {
        let document = try Node.composed(from: text, file: file)
        guard case .mapping(let entries)? = document else { throw TrainingError.notAMapping(file: file) }
        try self.init(entries, file: file)
    }

    /// Reads keys and numbers out of a larger file.
    init(_ entries: Node.Mapping, file: String) throws {
        self.init()
        for (keyNode, value) in entries {
            let name = keyNode.scalar?.string ?? "?"
            let line = keyNode.mark?.line ?? value.mark?.line ?? 0
            guard let key = Hyperparameters.keys.first(where: { $0.name == name }) else {
                let nearest = NearestName.of(name, among: Hyperparameters.keys.map(\.name))
                throw TrainingError.unknownKey(name, file: file, line: line, nearest: nearest)
            }
            guard let scalar = value.scalar, [.plain, .any].contains(scalar.style), let number = Double(scalar.string),
                number.isFinite
            else {
                let found = value.scalar.map { "'\($0.string)'" } ?? "a list or map"
                throw TrainingError.wrongValue(key: name, file: file, line: line, found: found, expected: "a number")
            }
            guard key.range.contains(number) else {
                throw TrainingError.wrongValue(
                    key: name, file: file, line: line, found: scalar.string, expected: key.expectedRange)
            }
            self[keyPath: key.property] = number
        }
    }

    /// The file's text: every key with its value.
    public var yaml: String {
        entries.map { "\($0.name): \(YAMLNumber.text($0.value))\n" }.joined()
    }
}
