import Downloads
import Foundation
import YOLOData
package import YOLOModel

/// Opens what `--weights` names.
package enum WeightsFile {
    /// Opens a file that must be there.
    /// - Throws: `TrainingError.fileNotFound` with what to do, or what is wrong with the file.
    package static func open(_ path: String) throws -> Checkpoint {
        guard FileManager.default.fileExists(atPath: path) else {
            let folder = FileManager.default.currentDirectoryPath
            throw TrainingError.fileNotFound(
                what: "weights file", path: path,
                advice: """
                    looked \(path.hasPrefix("/") ? "there" : "from \(folder)"). Give the path of a .pt file; train and val also take official \
                    weights by name (\(ReleaseWeights.names.prefix(3).joined(separator: ", ")), …) and fetch them; or train from random \
                    weights with --weights '' --cfg yolov5n.yaml
                    """)
        }
        return try Checkpoint(path: path)
    }

    /// Opens a file that is there, or fetches it first: an address, to its last part in the working folder; official weights that
    /// are known by name, to the path that is named.
    /// - Throws: as `open`, or `DownloadError` with what to do.
    static func open(_ name: String, fetchingBy fetcher: WeightsFetcher) throws -> Checkpoint {
        try open(fetcher.path(of: name))
    }
}

/// The official weights of release 6.2 that detect.
enum ReleaseWeights {
    static let address = "https://github.com/ultralytics/yolov5/releases/download/v6.2/"

    static let names = ["", "6"].flatMap { generation in ["n", "s", "m", "l", "x"].map { "yolov5\($0)\(generation).pt" } }

    /// What is known of a file: bytes and SHA-256.
    private static let known: [String: (size: Int, sha256: String)] = [
        "yolov5n.pt": (4_062_133, "4f180cf23ba0717ada0badd6c685026d73d48f184d00fc159c2641284b2ac0a3")
    ]

    /// nil for another name.
    static func file(named name: String, at address: String) -> RemoteFile? {
        guard names.contains(name) else { return nil }
        return RemoteFile(
            url: address + name, size: known[name]?.size, sha256: known[name]?.sha256, sizeLimit: WeightsFetcher.sizeLimit,
            form: .pyTorch)
    }
}

/// Gets weights that are not there.
struct WeightsFetcher {
    let downloader: Downloader
    /// Where the release's files are.
    var releases = ReleaseWeights.address
    /// Where addresses are fetched to; empty for the working folder.
    var folder = ""

    /// More than any weights have.
    static let sizeLimit = 8 << 30

    /// - Returns: the path of weights: the name itself if there is such a file, or nothing is known of it.
    func path(of name: String) throws -> String {
        if RemoteFile.isAddress(name) {
            guard let base = RemoteFile.baseName(of: name) else {
                throw DownloadError.badAddress(url: name, reason: "it does not end with the name of a weights file")
            }
            let path = folder.isEmpty ? base : "\(folder)/\(base)"
            let form: RemoteFile.Form? = base.hasSuffix(".pt") ? .pyTorch : nil
            return try fetched(RemoteFile(url: name, sizeLimit: Self.sizeLimit, form: form), to: path)
        }
        guard !FileManager.default.fileExists(atPath: name), let file = ReleaseWeights.file(named: name.lastPart, at: releases) else {
            return name
        }
        return try fetched(file, to: name)
    }

    private func fetched(_ file: RemoteFile, to path: String) throws -> String {
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        let lines = FetchLines()
        if downloader.policy == .allowed {
            lines.note(
                .fetching(url: file.url, path: path), remark: "these weights carry a licence of their own: see where they come from")
        }
        do throws(DownloadError) {
            try downloader.fetch(file, to: path) { lines.note(.progress($0)) }
        } catch {
            lines.end()
            throw error
        }
        lines.end()
        return path
    }
}

extension RemoteFile.Form {
    /// A zip archive, or a bare pickle as PyTorch wrote before 1.6.
    static let pyTorch = RemoteFile.Form(name: "a PyTorch file", beginnings: [[0x50, 0x4B, 3, 4], [0x80]])
}
