import Foundation

extension Hyperparameters {
    /// The files that are part of the program by name, each also known as `data/hyps/<name>`.
    private static let builtIn: [String: [UInt8]] = [
        "hyp.scratch-low.yaml": PackageResources.hyp_scratch_low_yaml,
        "hyp.scratch-med.yaml": PackageResources.hyp_scratch_med_yaml,
        "hyp.scratch-high.yaml": PackageResources.hyp_scratch_high_yaml,
        "hyp.VOC.yaml": PackageResources.hyp_VOC_yaml,
        "hyp.Objects365.yaml": PackageResources.hyp_Objects365_yaml,
    ]

    /// Finds the hyperparameters that `--hyp` names.
    ///
    /// A file on disk wins. The names that the reference ships are known without one, so they work from any working folder.
    /// - Throws: `TrainingError.fileNotFound` with the built-in names, or what `Hyperparameters(yaml:file:)` throws.
    public init(named name: String) throws {
        if let text = try? String(contentsOfFile: name, encoding: .utf8) {
            try self.init(yaml: text, file: name)
            return
        }
        if FileManager.default.fileExists(atPath: name) {
            throw TrainingError.unreadable(path: name, reason: "it is no text file in UTF-8")
        }
        let base = name.hasPrefix("data/hyps/") ? String(name.dropFirst("data/hyps/".count)) : name
        guard let bytes = Self.builtIn[base] else {
            let names = Self.builtIn.keys.sorted().joined(separator: ", ")
            throw TrainingError.fileNotFound(
                what: "hyperparameter file", path: name, advice: "give a path, or one of the built-in names: \(names)")
        }
        try self.init(yaml: String(decoding: bytes, as: UTF8.self), file: base)
    }
}
