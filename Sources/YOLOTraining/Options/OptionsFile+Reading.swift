import Foundation
import PyTorchFile
import Yams

extension OptionsFile {
    /// Options, and a line for each setting that does not go on.
    typealias Contents = (options: TrainingOptions, warnings: [String])

    /// Reads the options of a run that this program or Python's YOLOv5 began.
    ///
    /// Options that only say where a run is logged are passed over. Others that Python has and that are not part of this
    /// version must have the value that changes nothing, or are named in a warning where the run can go on without.
    /// - Throws: `TrainingError` with the line of a value that cannot be used.
    static func read(_ path: String) throws -> Contents {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TrainingError.unreadable(path: path, reason: "it is no text file in UTF-8")
        }
        let document = try Node.composed(from: text, file: path)
        guard let document else { throw TrainingError.notAMapping(file: path) }
        return try read(document, of: path)
    }

    /// Reads the options that a checkpoint holds.
    static func read(_ record: PickleValue, of path: String) throws -> Contents {
        var remaining = largestCount
        let document = Node(record, remaining: &remaining)
        guard remaining > 0 else { throw TrainingError.cannotResume(path: path, reason: "its options ('opt') are too large") }
        return try read(document, of: path)
    }

    /// More values than any options need; a hostile file's small value can stand for endless ones.
    private static let largestCount = 10_000

    private static func read(_ document: Node, of path: String) throws -> Contents {
        guard case .mapping(let entries) = document else { throw TrainingError.notAMapping(file: path) }
        var options = TrainingOptions()
        var warnings: [String] = []
        // The hyperparameters are a whole; an option beside them changes one.
        let readers = entries.compactMap { key, value in
            key.scalar.map { OptionReader(name: $0.string, node: value, file: path) }
        }
        for reader in readers.filter({ $0.name == "hyp" }) + readers.filter({ $0.name != "hyp" }) {
            if let warning = try reader.set(&options) { warnings.append(warning) }
        }
        return (options, warnings)
    }
}

extension TrainingOptions {
    /// Reads options from a YAML such as the `opt.yaml` of a run (`--config`).
    /// - Returns: the options, and a line for each entry that has no effect.
    /// - Throws: `TrainingError` with the line of a value that cannot be used.
    public static func read(_ path: String) throws -> (options: TrainingOptions, warnings: [String]) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw TrainingError.fileNotFound(what: "options file", path: path, advice: "give the path of a YAML such as runs/train/exp/opt.yaml")
        }
        return try OptionsFile.read(path)
    }
}
