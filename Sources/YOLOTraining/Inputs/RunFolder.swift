package import Foundation

/// The folder of a run: `runs/train/exp`, then `exp2`, `exp3`, …
package struct RunFolder: Sendable, Hashable {
    package let url: URL

    /// The folder of a run that goes on.
    init(existing url: URL) { self.url = url }

    /// Creates the folder, with everything above it.
    ///
    /// The name is claimed by creating it, so two runs that start at the same moment get different folders.
    /// - Parameters:
    ///   - project: the folder of all runs, for example `runs/train`.
    ///   - name: the run's name, for example `exp`.
    ///   - reusesExisting: write into a folder of that name if there is one (`--exist-ok`) instead of counting on.
    /// - Throws: `TrainingError.cannotCreate`.
    package init(project: String, name: String, reusesExisting: Bool) throws {
        let wanted = URL(fileURLWithPath: project, isDirectory: true).appendingPathComponent(name, isDirectory: true)
        let files = FileManager.default
        do {
            try files.createDirectory(at: wanted.deletingLastPathComponent(), withIntermediateDirectories: true)
            if reusesExisting {
                try files.createDirectory(at: wanted, withIntermediateDirectories: true)
                url = wanted
                return
            }
            var number = 1
            while true {
                let suffix = number == 1 ? "" : String(number)
                let candidate = wanted.deletingLastPathComponent()
                    .appendingPathComponent(wanted.lastPathComponent + suffix, isDirectory: true)
                do {
                    try files.createDirectory(at: candidate, withIntermediateDirectories: false)
                    url = candidate
                    return
                } catch CocoaError.fileWriteFileExists {
                    number += 1
                }
            }
        } catch {
            throw TrainingError.cannotCreate(path: wanted.path, reason: (error as NSError).localizedDescription)
        }
    }

    /// `last.pt`, the weights after the latest epoch.
    package var lastWeights: URL { weightsFolder.appendingPathComponent("last.pt") }
    /// `best.pt`, the weights of the epoch with the highest fitness.
    package var bestWeights: URL { weightsFolder.appendingPathComponent("best.pt") }
    /// `epochN.pt`, which `--save-period` asks for.
    func weights(ofEpoch epoch: Int) -> URL { weightsFolder.appendingPathComponent("epoch\(epoch).pt") }
    /// Those of the two that are there.
    var existingWeights: [URL] {
        [lastWeights, bestWeights].filter { FileManager.default.fileExists(atPath: $0.path) }
    }
    package var weightsFolder: URL { url.appendingPathComponent("weights", isDirectory: true) }

    /// The folder's own path as a user would type it.
    package var display: String { displayPath(url) }

    /// The path as a user would type it: relative to the working folder where it lies inside.
    package func displayPath(_ file: URL) -> String {
        let folder = FileManager.default.currentDirectoryPath + "/"
        return file.path.hasPrefix(folder) ? String(file.path.dropFirst(folder.count)) : file.path
    }
}
