import Downloads
import Foundation
import YOLOData
import YOLOReporting

/// What a run may fetch, as its options say. All that a run fetches goes through here.
struct Network {
    private let downloader: Downloader
    private let allowsScripts: Bool

    init(isOffline: Bool, allowsScripts: Bool) {
        downloader = Downloader(isOffline ? .offline : .allowed)
        self.allowsScripts = allowsScripts
    }

    var weights: WeightsFetcher { WeightsFetcher(downloader: downloader) }

    /// Reads what `--data` names: a YAML, or a .zip that holds one, which is unpacked; and that is fetched if it is an address.
    ///
    /// - Parameter splits: The entries of the YAML whose images must be there.
    func dataset(_ data: String, with splits: [String] = ["train", "val"]) throws -> DatasetDescription {
        let lines = FetchLines()
        defer { lines.end() }
        guard DatasetArchive.isNamed(by: data) else {
            return try DatasetDescription(contentsOf: data, with: splits) { root, names, steps, isNeeded in
                let fetcher = datasetFetcher(root: root, names: names, lines)
                guard isNeeded || (downloader.policy == .allowed && fetcher.isUnfinished(steps)) else { return }
                try checkPlace(root, of: data)
                try fetcher.run(steps)
            }
        }
        return try DatasetDescription(ofArchive: DatasetArchive.yaml(of: data, downloader: downloader) { lines.note($0) })
    }

    /// A YAML from elsewhere must not write all over the disk: without `--allow-scripts` its data goes beside it, or to where
    /// the user is, or to a folder `datasets` beside these.
    private func checkPlace(_ root: String, of yaml: String) throws(DataError) {
        func standardized(_ path: String) -> String { URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL.path }
        let folders = [standardized(yaml.parentFolder.isEmpty ? "." : yaml.parentFolder), standardized(".")]
        let allowed = folders + folders.map { $0.parentFolder.appendingPart("datasets") }
        let place = standardized(root).parentFolder
        guard !allowsScripts, !allowed.contains(where: { place == $0 || place.hasPrefix($0.hasTrailingSlash ? $0 : $0 + "/") }) else { return }
        throw .description(
            file: yaml, line: nil,
            problem: "'path:' is \(root), and what 'download:' asks for would be written beside it; if that is meant, add --allow-scripts")
    }

    private func datasetFetcher(root: String, names: [String], _ lines: FetchLines) -> DatasetFetcher {
        var fetcher = DatasetFetcher(root: root, downloader: downloader)
        fetcher.allowsScripts = allowsScripts
        fetcher.scriptOutput = Terminal.forText().output
        fetcher.report = { lines.note($0) }
        fetcher.convert = { conversion in
            var options = ConversionOptions()
            if conversion.format.takesNames { options.names = names }
            // A call that was interrupted is made again.
            options.replacesFiles = true
            Terminal.forText().print("\(try conversion.format.convert([conversion.source], to: conversion.folder, options: options))")
        }
        fetcher.split = { folder in Terminal.forText().print("\(try Autosplit(folder: folder).write())") }
        return fetcher
    }
}

extension TrainingOptions {
    var network: Network { Network(isOffline: isOffline, allowsScripts: allowsScripts) }
}

extension ValidationOptions {
    var network: Network { Network(isOffline: isOffline, allowsScripts: allowsScripts) }
}
