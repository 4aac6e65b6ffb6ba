import Downloads
import Foundation
import GoldenFixtures
import LoopbackServer
import Testing
@testable import YOLOTraining

@Suite("Weights that are not there")
struct WeightsFetcherTests {
    private static let weights: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 7, count: 1000)

    private func open(
        _ bytes: [UInt8] = weights, _ policy: NetworkPolicy = .allowed, _ body: (WeightsFetcher, LoopbackServer, URL) throws -> Void
    ) throws {
        let server = try LoopbackServer { [ServedFile(bytes).answer($0)] }
        let folder = try Fixtures.temporaryFolder()
        defer {
            server.stop()
            try? FileManager.default.removeItem(at: folder)
        }
        var downloader = Downloader(policy)
        downloader.attempts = 1
        try body(WeightsFetcher(downloader: downloader, releases: server.url("/v6.2/"), folder: folder.path), server, folder)
    }

    @Test("official names are fetched from the release to the path that was named, once")
    func official() throws {
        try open { fetcher, server, folder in
            let path = folder.path + "/weights/yolov5m6.pt"
            for _ in 0..<2 {
                let found = try fetcher.path(of: path)
                #expect(found == path)
            }
            #expect(FileManager.default.contents(atPath: path) == Data(Self.weights))
            #expect(server.requests.map(\.path) == ["/v6.2/yolov5m6.pt"])
        }
    }

    @Test("an address is fetched to its last part, once")
    func address() throws {
        try open { fetcher, server, folder in
            for _ in 0..<2 {
                let found = try fetcher.path(of: server.url("/a/mine.pt?key=1"))
                #expect(found == folder.path + "/mine.pt")
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("files that are there and names that nobody knows are left as they are", arguments: ["yolov5s.pt", "mine.pt", "yolov5s-cls.pt", "yolov9.pt"])
    func others(name: String) throws {
        try open { fetcher, server, folder in
            let path = folder.path + "/" + name
            if name == "yolov5s.pt" { try Data([1]).write(to: URL(fileURLWithPath: path)) }
            #expect(try fetcher.path(of: path) == path)
            #expect(server.connections == 0)
        }
    }

    @Test("official weights of another size or content than is known are refused")
    func wrong() throws {
        try open { fetcher, _, folder in
            let path = folder.path + "/yolov5n.pt"
            let error = #expect(throws: DownloadError.self) { try fetcher.path(of: path) }
            #expect(error?.description.contains("expected were 4062133") == true, "\(error as Any)")
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        try open(Array("<html>gone".utf8)) { fetcher, _, folder in
            #expect(throws: DownloadError.self) { try fetcher.path(of: folder.path + "/yolov5s.pt") }
        }
    }

    @Test("offline, no connection is made, and the address is named")
    func offline() throws {
        try open(Self.weights, .offline) { fetcher, server, folder in
            let error = #expect(throws: DownloadError.self) { try fetcher.path(of: folder.path + "/yolov5s.pt") }
            #expect(error?.description.contains("--offline") == true && error?.description.contains("/v6.2/yolov5s.pt") == true)
            #expect(server.connections == 0)
        }
    }

    @Test("the official file of the nano model is the one that is known", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
    func known() throws {
        let bytes = try Data(contentsOf: Fixtures.weights.appendingPathComponent("yolov5n.pt"))
        try open(Array(bytes)) { fetcher, _, folder in
            let path = try fetcher.path(of: folder.path + "/yolov5n.pt")
            #expect(FileManager.default.contents(atPath: path) == bytes)
        }
    }

    @Test("the names are the ten of the release")
    func names() {
        #expect(ReleaseWeights.names == [
            "yolov5n.pt", "yolov5s.pt", "yolov5m.pt", "yolov5l.pt", "yolov5x.pt",
            "yolov5n6.pt", "yolov5s6.pt", "yolov5m6.pt", "yolov5l6.pt", "yolov5x6.pt",
        ])
        #expect(ReleaseWeights.address == "https://github.com/ultralytics/yolov5/releases/download/v6.2/")
    }

    @Test("progress is told in megabytes")
    func progress() {
        #expect(FetchLines.text(DownloadProgress(received: 12_340_000, total: 41_000_000)) == "12.3 of 41.0 MB (30%)")
        #expect(FetchLines.text(DownloadProgress(received: 500_000, total: nil)) == "0.5 MB")
    }
}
