import Foundation

/// Finds the hyperparameters that `--hyp` names.
///
/// A file on disk wins. The names that the reference ships are known without one, so they work from any working folder.
enum HyperparameterFile {
    /// The built-in sets by file name, each also known as `data/hyps/<name>`.
    static let builtIn: [String: Hyperparameters] = ["hyp.scratch-low.yaml": Hyperparameters()]

    /// - Throws: `TrainingError.fileNotFound` with the built-in names, or what `Hyperparameters(yaml:file:)` throws.
    static func load(_ name: String) throws -> Hyperparameters {
        if let text = try? String(contentsOfFile: name, encoding: .utf8) {
            return try Hyperparameters(yaml: text, file: name)
        }
        if FileManager.default.fileExists(atPath: name) {
            throw TrainingError.unreadable(path: name, reason: "it is no text file in UTF-8")
        }
        let base = name.hasPrefix("data/hyps/") ? String(name.dropFirst("data/hyps/".count)) : name
        guard let known = builtIn[base] else {
            let names = builtIn.keys.sorted().joined(separator: ", ")
            throw TrainingError.fileNotFound(
                what: "hyperparameter file", path: name, advice: "give a path, or one of the built-in names: \(names)")
        }
        return known
    }
}
