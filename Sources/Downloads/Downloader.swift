import Crypto
import Foundation

/// Fetches files by HTTP: whole, checked, and going on where an earlier attempt stopped.
///
///     let downloader = Downloader()
///     try downloader.fetch(RemoteFile(url: "https://example.org/coco128.zip", form: .zip), to: "datasets/coco128.zip")
///
/// The bytes go to `.coco128.zip.yolov5-part`; only a complete file that passed every check gets its name. Connections that are lost, or
/// that bring nothing for a while, are made again, and the server is asked for the rest. A killed program leaves the part behind,
/// and the next call goes on with it, unless the file has changed on the server.
///
/// Nothing else in the program touches the network.
package struct Downloader: Sendable {
    package let policy: NetworkPolicy
    /// How long to wait for a connection.
    package var connectTimeout = Duration.seconds(20)
    /// How long nothing may come; whole seconds.
    package var stallTimeout = Duration.seconds(30)
    /// Attempts in a row that bring nothing new.
    package var attempts = 5
    /// Pause before the second attempt; it doubles with each one, up to 30 seconds.
    package var pause = Duration.seconds(1)
    package var redirectLimit = 10
    var write: SystemWrite = { Glibc.write($0, $1, $2) }

    package init(_ policy: NetworkPolicy = .allowed) {
        self.policy = policy
    }

    /// Fetches a file. Folders that lead to `path` are made.
    /// - Parameters:
    ///   - path: where it goes; nothing may be there.
    ///   - progress: called for each piece that came.
    /// - Throws: what went wrong and what to do. Nothing is under `path` then.
    package func fetch(
        _ file: RemoteFile, to path: String, progress: @escaping (DownloadProgress) -> Void = { _ in }
    ) throws(DownloadError) {
        try Self.check(file.url)
        guard !isTaken(path) else { throw .fileExists(path: path) }
        guard policy == .allowed else { throw .offline(url: file.url, path: path) }
        let part = try PartialFile(of: path, url: file.url, write: write)
        do throws(DownloadError) {
            try receive(file, part, path: path, progress)
            try verify(file, part)
            try part.finish()
        } catch {
            if error.condemnsPart { try part.clear() }
            throw error
        }
    }

    private static func check(_ url: String) throws(DownloadError) {
        guard RemoteFile.isAddress(url) else { throw .badAddress(url: url, reason: "expected http:// or https://") }
        let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
        guard isPlain, url.utf8.count < 8192, let host = URLComponents(string: url)?.host, !host.isEmpty else {
            throw .badAddress(url: url, reason: "expected a host, a path, and %20 for a space")
        }
    }

    // MARK: Attempts

    private func receive(
        _ file: RemoteFile, _ part: PartialFile, path: String, _ progress: @escaping (DownloadProgress) -> Void
    ) throws(DownloadError) {
        var failures = 0
        while !part.isComplete {
            let before = part.count
            // Without a sign of which version the part is of, only its SHA-256 can tell whether the rest belongs to it.
            let canGoOn = part.origin.version.validator != nil || file.sha256 != nil
            let receiver = ResponseReceiver(file, part, offset: canGoOn ? part.count : 0, progress: progress)
            let end = try request(file, part, receiver)
            if let failure = receiver.failure { throw failure }
            guard let trouble = try trouble(end, receiver, file, part, path: path) else { return }
            failures = part.count - before >= Self.worthwhile ? 1 : failures + 1
            guard failures < attempts else {
                throw .interrupted(url: file.url, reason: trouble, attempts: failures, received: part.count)
            }
            wait(after: failures)
        }
    }

    /// Bytes that make an attempt count as one that got on. A server that hands out one byte a connection must not hold us
    /// for ever.
    private static let worthwhile = 1 << 20

    /// What is wrong in a way that may pass; nil if the file is whole.
    private func trouble(
        _ end: HTTPTransfer.End, _ receiver: ResponseReceiver, _ file: RemoteFile, _ part: PartialFile, path: String
    ) throws(DownloadError) -> String? {
        switch end {
        case .complete, .stopped: break
        case .cut(let reason): return reason
        case .unreachable(let reason):
            // Once bytes have come, there was a network.
            guard part.count > 0 else { throw .unreachable(url: file.url, path: path, reason: reason) }
            return reason
        case .untrusted(let reason): throw .untrusted(url: file.url, reason: reason)
        case .excess: throw .excess(url: file.url, announced: receiver.head.contentLength)
        case .failed(let reason): throw .failed(url: file.url, reason: reason)
        }
        switch receiver.head.status {
        case 200, 206:
            if let misfit = try receiver.begin() {
                try part.clear()
                return misfit.rawValue
            }
            guard let length = part.origin.length, part.count < length else { return nil }
            return "\(part.count) of \(length) bytes came"
        case 416:  // the part is longer than the file is now
            try part.clear()
            return ResponseReceiver.Misfit.otherVersion.rawValue
        case 408, 429, 500, 502, 503, 504:
            guard attempts > 1 else { throw .refused(url: file.url, status: receiver.head.status) }
            return "the server answered \(receiver.head.status)"
        default: throw .refused(url: file.url, status: receiver.head.status)
        }
    }

    /// Asks for what is missing, through redirects.
    private func request(
        _ file: RemoteFile, _ part: PartialFile, _ receiver: ResponseReceiver
    ) throws(DownloadError) -> HTTPTransfer.End {
        var transfer = HTTPTransfer(connectTimeout: connectTimeout, stallTimeout: stallTimeout)
        transfer.validator = part.origin.version.validator
        transfer.offset = receiver.offset
        var url = file.url
        for _ in 0...redirectLimit {
            let end = transfer.get(url, receiver)
            guard (300..<400).contains(receiver.head.status), end == .complete || end == .stopped else { return end }
            guard let location = receiver.head.location.flatMap({ URL(string: $0, relativeTo: URL(string: url))?.absoluteString }) else {
                throw .redirect(url: file.url, reason: "the server answered \(receiver.head.status) without saying where to look")
            }
            if let reason = Self.refusal(of: location, from: url) { throw .redirect(url: file.url, reason: reason) }
            url = location
        }
        throw .redirect(url: file.url, reason: "it is redirected more than \(redirectLimit) times, perhaps in a circle")
    }

    /// Why a redirect is not followed; nil where it is.
    static func refusal(of location: String, from url: String) -> String? {
        guard RemoteFile.isAddress(location) else {
            return "it is redirected to \(DownloadError.shown(location)), which is not on the web"
        }
        guard url.lowercased().hasPrefix("https:"), !location.lowercased().hasPrefix("https:") else { return nil }
        return "it is redirected from https to \(DownloadError.shown(location)), where it could be read and changed on the way"
    }

    private func wait(after failures: Int) {
        let factor = 1 << min(failures - 1, 10)
        let milliseconds = min(pause.milliseconds * Int64(factor), 30_000)
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
    }

    // MARK: Checks

    private func verify(_ file: RemoteFile, _ part: PartialFile) throws(DownloadError) {
        if let size = file.size, size != part.count {
            throw .wrongSize(url: file.url, expected: size, found: part.count)
        }
        if let form = file.form {
            var start: [UInt8] = []
            try part.read(upTo: 64) { start += $0 }
            guard form.beginnings.contains(where: start.starts(with:)) else {
                throw .wrongForm(url: file.url, expected: form.name)
            }
        }
        if let expected = file.sha256 {
            var hash = SHA256()
            try part.read { hash.update(bufferPointer: $0) }
            let found = hash.finalize().hexadecimal
            guard found == expected.lowercased() else { throw .wrongDigest(url: file.url, expected: expected, found: found) }
        }
    }
}
