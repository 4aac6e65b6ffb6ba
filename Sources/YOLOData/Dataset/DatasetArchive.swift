package import Downloads
import Foundation

/// A data set in a .zip, images, labels and YAML together, as web services hand them out: `--data set.zip`.
package enum DatasetArchive {
    /// Whether `--data` names one rather than a YAML.
    package static func isNamed(by data: String) -> Bool {
        let name = RemoteFile.isAddress(data) ? RemoteFile.baseName(of: data) ?? "" : data
        return name.lowercased().hasSuffix(".zip")
    }

    /// Unpacks an archive into a folder of its own name beside it, and finds its YAML.
    ///
    /// A folder of that name that has a YAML is taken as it is. Paths of that YAML are relative to its folder, whatever its `path`
    /// says: that is a folder of the machine where it was made.
    /// - Parameters:
    ///   - data: a path, or an address, which is fetched to `folder` first.
    ///   - folder: where fetched archives go.
    /// - Returns: the path of the YAML.
    package static func yaml(
        of data: String, downloader: Downloader, fetchingTo folder: String = "datasets",
        report: @escaping (DatasetFetcher.Event) -> Void = { _ in }
    ) throws -> String {
        var archive = data
        if RemoteFile.isAddress(data) {
            guard let name = RemoteFile.baseName(of: data) else {
                throw DownloadError.badAddress(url: data, reason: "it does not end with the name of a .zip")
            }
            archive = "\(folder)/\(name)"
        }
        let target = String(archive.dropLast(".zip".count))
        guard !target.lastPart.isEmpty else {
            throw DataError.fileAccess(path: archive, reason: "the archive has no name before '.zip'")
        }
        if FileManager.default.fileExists(atPath: target), let yaml = try? yaml(in: target, of: archive) { return yaml }
        let isNew = !FileManager.default.fileExists(atPath: archive)
        if isNew {
            guard archive != data else {
                throw DataError.notFound("data set \(data)", tried: [data], hint: "give the path or the address of a .zip to --data")
            }
            if downloader.policy == .allowed { report(.fetching(url: data, path: archive)) }
            try downloader.fetch(RemoteFile(url: data, form: .zip), to: archive) { report(.progress($0)) }
        }
        report(.unpacking(path: archive, folder: target))
        if archive == data {
            try ZipArchive(path: archive).extract(to: target)
        } else {
            try ZipArchive.extractFetched(archive, isNew: isNew, to: target)
        }
        return try yaml(in: target, of: archive)
    }

    /// The one YAML below a folder; the one nearest to the top where there are several, for archives hold other YAMLs too.
    private static func yaml(in folder: String, of archive: String) throws(DataError) -> String {
        let found = FolderSearch(folder).files.filter { [".yaml", ".yml"].contains(where: $0.lowercased().hasSuffix) }
        let depth = found.map(\.pathParts.count).min() ?? 0
        let candidates = found.filter { $0.pathParts.count == depth }.sorted()
        let named = candidates.filter { ["data.yaml", "dataset.yaml", "\(folder.lastPart).yaml"].contains($0.lastPart) }
        switch (candidates.count, named.count) {
        case (1, _): return candidates[0]
        case (_, 1): return named[0]
        case (0, _): throw .fileAccess(path: archive, reason: "holds no YAML that describes a data set; unpack it and write one")
        default:
            throw .fileAccess(
                path: archive,
                reason: "holds several YAMLs: \(candidates.prefix(5).joined(separator: ", ")); unpack it and give one of them to --data")
        }
    }
}
