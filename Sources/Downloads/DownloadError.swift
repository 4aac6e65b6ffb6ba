import Foundation

/// Why a file could not be fetched. No message shows a password or the parameters of an address.
package enum DownloadError: Error, Hashable, Sendable {
    case offline(url: String, path: String)
    case badAddress(url: String, reason: String)
    case fileExists(path: String)
    /// Where the part of a download goes there is a file that is none.
    case foreignPart(path: String)
    /// Another process is fetching the same file.
    case busy(path: String)
    case unreachable(url: String, path: String, reason: String)
    case untrusted(url: String, reason: String)
    case refused(url: String, status: Int)
    case redirect(url: String, reason: String)
    /// The connection was lost time and again; `received` bytes are kept to go on from.
    case interrupted(url: String, reason: String, attempts: Int, received: Int)
    case wrongSize(url: String, expected: Int, found: Int)
    /// More bytes came than the server had announced.
    case excess(url: String, announced: Int?)
    case tooLarge(url: String, limit: Int, found: Int)
    case wrongDigest(url: String, expected: String, found: String)
    case wrongForm(url: String, expected: String)
    case cannotWrite(path: String, reason: String)
    case noSpace(path: String)
    case failed(url: String, reason: String)
}

extension DownloadError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .offline(let url, let path):
            "'\(path)' is not there and --offline forbids to fetch it; get \(Self.shown(url)) elsewhere and put it to '\(path)'"
        case .badAddress(let url, let reason):
            "'\(Self.shown(url))' is no address to fetch from: \(reason)"
        case .fileExists(let path):
            "'\(path)' exists already and is not overwritten"
        case .foreignPart(let path):
            "'\(path)' is in the way of a download, and is not the record of one; move it away, or delete it"
        case .busy(let path):
            "another process is fetching '\(path)'; wait for it, then try again"
        case .unreachable(let url, let path, let reason):
            "no connection for \(Self.shown(url)) (\(reason)); is there a network? Else get it elsewhere and put it to '\(path)'"
        case .untrusted(let url, let reason):
            "\(Self.shown(url)): the server does not prove who it is (\(reason)); nothing was fetched"
        case .refused(let url, let status):
            "\(Self.shown(url)): the server answered \(status)\(Self.meaning(status))"
        case .redirect(let url, let reason):
            "\(Self.shown(url)): \(reason)"
        case .interrupted(let url, let reason, let attempts, let received):
            "\(Self.shown(url)): \(reason), \(attempts) times in a row. "
                + (received > 0 ? "The same command goes on after the \(received) bytes that are here" : "Try again later")
        case .wrongSize(let url, let expected, let found):
            "\(Self.shown(url)) has \(found) bytes, expected were \(expected); it is not the file that was asked for"
        case .excess(let url, let announced):
            "\(Self.shown(url)): the server sent more than the \(announced.map { "\($0) " } ?? "")bytes that it had announced; "
                + "what came is not to be trusted and was thrown away"
        case .tooLarge(let url, let limit, let found):
            "\(Self.shown(url)) has at least \(found) bytes, more than the \(limit) that are accepted; it was thrown away"
        case .wrongDigest(let url, let expected, let found):
            "\(Self.shown(url)) is not the file that was asked for: its SHA-256 is \(found), expected \(expected); it was thrown away"
        case .wrongForm(let url, let expected):
            "\(Self.shown(url)) is not \(expected) (a web page in its place?); it was thrown away"
        case .cannotWrite(let path, let reason):
            "cannot write '\(path)': \(reason)"
        case .noSpace(let path):
            "the disk is full, '\(path)' is not complete; make room, and the same command goes on where it stopped"
        case .failed(let url, let reason):
            "\(Self.shown(url)): \(reason)"
        }
    }

    private static func meaning(_ status: Int) -> String {
        switch status {
        case 401, 403: " (no access); it may need an account, or have moved"
        case 404, 410: " (no such file); check the address"
        case 407: " (a proxy wants a password)"
        case 429: " (too many requests); try again later"
        case 500...: " (an error of its own); try again later"
        default: ""
        }
    }

    static func shown(_ url: String) -> String { RemoteFile.shown(url) }

    /// Whether what came is no use to a later call: it is of another file, or the name is taken by now.
    var condemnsPart: Bool {
        switch self {
        case .wrongSize, .excess, .tooLarge, .wrongDigest, .wrongForm, .fileExists: true
        default: false
        }
    }
}

extension RemoteFile {
    /// An address without the name and password that it may hold, and without its parameters, which may be keys.
    package static func shown(_ url: String) -> String {
        let bare = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = bare.range(of: "://") else { return String(bare) }
        let rest = bare[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" }
        guard let at = host.lastIndex(of: "@") else { return String(bare) }
        return String(bare[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }
}
