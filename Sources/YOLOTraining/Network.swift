import Downloads
import YOLOData

/// What a run may fetch, as its options say. All that a run fetches goes through here.
struct Network {
    let downloader: Downloader
    let allowsScripts: Bool

    init(isOffline: Bool, allowsScripts: Bool) {
        downloader = Downloader(isOffline ? .offline : .allowed)
        self.allowsScripts = allowsScripts
    }

    var weights: WeightsFetcher { WeightsFetcher(downloader: downloader) }

    /// Reads what `--data` names: a YAML, or a .zip that holds one, which is unpacked; and that is fetched if it is an address.
    func dataset(_ data: String) throws -> DatasetDescription {
        guard DatasetArchive.isNamed(by: data) else {
            return try DatasetDescription(contentsOf: data) { root, names, steps in
                try datasetFetcher(root: root, names: names).run(steps)
            }
        }
        let lines = FetchLines()
        defer { lines.end() }
        return try DatasetDescription(contentsOf: DatasetArchive.yaml(of: data, downloader: downloader) { lines.note($0) })
    }

    /// For a data set that is not there: runs its steps by `run`.
    private func datasetFetcher(root: String, names: [String]) -> DatasetFetcher {
        let lines = FetchLines()
        var fetcher = DatasetFetcher(root: root, downloader: downloader)
        fetcher.allowsScripts = allowsScripts
        fetcher.report = { lines.note($0) }
        fetcher.convert = { conversion in
            var options = ConversionOptions()
            if conversion.format.takesNames { options.names = names }
            // A call that was interrupted is made again.
            options.replacesFiles = true
            print(try conversion.format.convert([conversion.source], to: conversion.folder, options: options))
        }
        fetcher.split = { folder in print("\(try Autosplit(folder: folder).write())") }
        return fetcher
    }
}

extension TrainingOptions {
    var network: Network { Network(isOffline: isOffline, allowsScripts: allowsScripts) }
}

extension ValidationOptions {
    var network: Network { Network(isOffline: isOffline, allowsScripts: allowsScripts) }
}
