import Foundation
import GoldenFixtures
import LoopbackServer
@testable import Downloads

/// A server, a folder, and a downloader without patience.
struct DownloadBench {
    let server: LoopbackServer
    let folder: URL
    var downloader: Downloader

    static func open(
        answer: @escaping @Sendable (LoopbackServer.Request) -> [LoopbackServer.Step], _ body: (inout DownloadBench) throws -> Void
    ) throws {
        let server = try LoopbackServer(answer)
        let folder = try Fixtures.temporaryFolder()
        defer {
            server.stop()
            try? FileManager.default.removeItem(at: folder)
        }
        var downloader = Downloader()
        downloader.pause = .milliseconds(1)
        downloader.stallTimeout = .seconds(1)
        downloader.connectTimeout = .seconds(5)
        downloader.attempts = 3
        var bench = DownloadBench(server: server, folder: folder, downloader: downloader)
        try body(&bench)
    }

    var path: String { folder.path + "/file.bin" }
    /// Where the file is as long as it is under way.
    var partPath: String { folder.path + "/.file.bin.yolov5-part" }

    func file(_ path: String = "/file.bin") -> RemoteFile { RemoteFile(url: server.url(path)) }

    func fetch(_ file: RemoteFile? = nil) throws(DownloadError) {
        try downloader.fetch(file ?? self.file(), to: path)
    }

    /// What is wrong, for fetches that must fail.
    func failure(_ file: RemoteFile? = nil) -> DownloadError? {
        do throws(DownloadError) {
            try fetch(file)
            return nil
        } catch {
            return error
        }
    }

    var content: [UInt8]? { FileManager.default.contents(atPath: path).map(Array.init) }

    /// Names of all files in the folder.
    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

    /// Bytes in which no stretch is like another.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }
}
