import Downloads
import Foundation
import PrintableText

/// Whether there is a newer release: `yolov5 doctor --online`, and nothing else, asks.
package struct ReleaseCheck {
    package static let variable = "YOLOV5_RELEASES_URL"
    private static let subject = "release"

    private let address: String?
    private let current: String

    /// - Parameter address: of JSON with `tag_name`, as GitHub's `releases/latest` is, or of a text that is the version.
    package init(address: String? = ProcessInfo.processInfo.environment[variable], current: String = Version.current) {
        (self.address, self.current) = (address, current)
    }

    package func check() -> MachineCheck {
        guard let address, !address.isEmpty else {
            return .ok(
                Self.subject, "\(current); this build knows no page of releases",
                advice: "to have one asked, set \(Self.variable) to its address (JSON with \"tag_name\", or the version as plain text)")
        }
        do throws(DownloadError) {
            return judge(try fetch(address), of: RemoteFile.shown(address))
        } catch {
            return .warning(Self.subject, "\(current); the page of releases was not read: \(Self.reason(error))", advice: "try again later, or check \(Self.variable)")
        }
    }

    private func judge(_ answer: Data, of address: String) -> MachineCheck {
        guard let newest = Self.version(in: answer) else {
            return .warning(Self.subject, "\(current); \(address) names no version", advice: "check \(Self.variable)")
        }
        guard Self.numbers(newest).lexicographicallyPrecedes(Self.numbers(current)) || Self.numbers(newest) == Self.numbers(current) else {
            return .warning(Self.subject, "\(current); \(newest) is there, says \(address)", advice: "git pull, then make build")
        }
        return .ok(Self.subject, "\(current) is the newest, says \(address)")
    }

    /// A release's name begins with numbers, perhaps behind a `v`.
    static func version(in answer: Data) -> String? {
        struct Release: Decodable {
            let tag_name: String
        }
        let text = (try? JSONDecoder().decode(Release.self, from: answer).tag_name) ?? String(decoding: answer, as: UTF8.self)
        let version = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let name = version.hasPrefix("v") ? String(version.dropFirst()) : version
        let isName = name.count <= 40 && !name.contains(where: \.isWhitespace) && name.printable(longest: 40) == name
        return isName && numbers(name).count >= 2 ? name : nil
    }

    /// `[0, 1, 2]` of `0.1.2-beta`.
    static func numbers(_ version: String) -> [Int] {
        var numbers = version.prefix { $0 == "." || ("0"..."9").contains($0) }.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        while numbers.count > 2, numbers.last == 0 { numbers.removeLast() }
        return numbers
    }

    private func fetch(_ address: String) throws(DownloadError) -> Data {
        var downloader = Downloader()
        downloader.connectTimeout = .seconds(10)
        downloader.stallTimeout = .seconds(10)
        downloader.attempts = 2
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("yolov5-release-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("release")
        try downloader.fetch(RemoteFile(url: address, sizeLimit: 1 << 20), to: file.path)
        return FileManager.default.contents(atPath: file.path) ?? Data()
    }

    /// Without advice on where to put a file.
    private static func reason(_ error: DownloadError) -> String {
        if case .unreachable(let url, _, let reason) = error { return "no connection for \(RemoteFile.shown(url)) (\(reason))" }
        return "\(error)"
    }
}
