import Crypto
import Foundation
import LoopbackServer
import Testing
@testable import Downloads

@Suite("Fetching a file")
struct DownloaderTests {
    private let bytes = DownloadBench.bytes(300_000)
    private var digest: String { SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined() }

    @Test("a file arrives whole, in folders that are made for it, and nothing else is left")
    func whole() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            let path = bench.folder.path + "/a/b/file.bin"
            var last: DownloadProgress?
            try bench.downloader.fetch(RemoteFile(url: bench.server.url("/x"), size: 300_000, sha256: digest), to: path) { last = $0 }
            #expect(FileManager.default.contents(atPath: path).map(Array.init) == bytes)
            #expect(last == DownloadProgress(received: 300_000, total: 300_000))
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.path + "/a/b") == ["file.bin"])
        }
    }

    @Test("a file of no bytes and one of unknown length arrive as well")
    func lengths() throws {
        try DownloadBench.open(answer: { _ in [.answer(200)] }) { bench in
            try bench.fetch()
            #expect(bench.content == [])
        }
        let chunks = Array("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n".utf8)
        try DownloadBench.open(answer: { _ in [.answer(200, ["Transfer-Encoding: chunked"], body: chunks)] }) { bench in
            try bench.fetch()
            #expect(bench.content == Array("hello world".utf8))
        }
    }

    @Test("a connection that is cut is made again, and goes on where it stopped")
    func cut() throws {
        try DownloadBench.open(answer: { [bytes] request in
            [ServedFile(bytes, cutAfter: request.index < 2 ? 100_000 : nil).answer(request)]
        }) { bench in
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests.map(\.offset) == [nil, 100_000, 200_000])
            #expect(bench.server.requests[1].fields["if-range"] == "\"v1\"")
            #expect(bench.files == ["file.bin"])
        }
    }

    @Test("a part that an earlier call left is gone on with, by its date where there is no strong tag")
    func laterCall() throws {
        let date = "Tue, 01 Nov 2022 10:00:00 GMT"
        try DownloadBench.open(answer: { [bytes] request in
            let cutAfter = request.index < 1 ? 100_000 : nil
            return [ServedFile(bytes, entityTag: "W/\"weak\"", lastModified: date, cutAfter: cutAfter).answer(request)]
        }) { bench in
            bench.downloader.attempts = 1
            let failure = bench.failure()
            guard case .interrupted(_, _, 1, 100_000) = failure else { return #expect(Bool(false), "\(failure as Any)") }
            #expect(failure?.description.contains("goes on after the 100000 bytes") == true)
            #expect(bench.files == [".file.bin.yolov5-part", ".file.bin.yolov5-part.json"])
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests[1].fields["if-range"] == date)
            #expect(bench.server.requests[1].offset == 100_000)
            #expect(bench.files == ["file.bin"])
        }
    }

    @Test("a part that was complete when its process was killed needs no second request")
    func completePart() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes, cutAfter: 299_999).answer($0)] }) { bench in
            bench.downloader.attempts = 1
            #expect(bench.failure() != nil)
            let part = try FileHandle(forWritingTo: URL(fileURLWithPath: bench.partPath))
            try part.seekToEnd()
            try part.write(contentsOf: [bytes[299_999]])
            try part.close()
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests.count == 1)
        }
    }

    @Test("a part of another address is thrown away, also where only what messages hide is another", arguments: [
        ("/file.bin?id=A", "/file.bin?id=B"), ("/a/file.bin", "/b/file.bin"),
    ])
    func otherAddress(first: String, second: String) throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes, cutAfter: $0.index == 0 ? 1000 : nil).answer($0)] }) { bench in
            bench.downloader.attempts = 1
            #expect(bench.failure(bench.file(first)) != nil)
            #expect(bench.files.count == 2)
            try bench.fetch(bench.file(second))
            #expect(bench.content == bytes)
            #expect(bench.server.requests.map(\.offset) == [nil, nil])
            #expect(bench.files == ["file.bin"])
        }
    }

    @Test("the record of a part says nothing of the keys in its address")
    func secrets() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes, cutAfter: 1000).answer($0)] }) { bench in
            bench.downloader.attempts = 1
            #expect(bench.failure(bench.file("/file.bin?key=secret")) != nil)
            let record = try String(contentsOfFile: bench.partPath + ".json", encoding: .utf8)
            #expect(record.contains("file.bin") && !record.contains("secret"))
        }
    }

    @Test("files of the user's whose names end as those of parts do are not touched")
    func usersParts() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            let names = ["file.bin.part", "file.bin.part.json", "file.bin.yolov5-part"]
            for name in names { try Data("mine".utf8).write(to: bench.folder.appendingPathComponent(name)) }
            bench.downloader.attempts = 1
            #expect(bench.failure(RemoteFile(url: try LoopbackServer.silentAddress())) != nil)
            try bench.fetch()
            for name in names { #expect(try Data(contentsOf: bench.folder.appendingPathComponent(name)) == Data("mine".utf8)) }
            #expect(bench.files == ["file.bin"] + names)
        }
    }

    @Test("a part that no record of ours describes is named, and not touched", arguments: [
        [".file.bin.yolov5-part"], [".file.bin.yolov5-part.json"], [".file.bin.yolov5-part", ".file.bin.yolov5-part.json"],
    ])
    func foreignPart(names: [String]) throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            for name in names { try Data("{\"url\": \"mine\"}".utf8).write(to: bench.folder.appendingPathComponent(name)) }
            let failure = bench.failure()
            #expect(failure?.description.hasPrefix("'\(bench.folder.path)/\(names.last ?? "")") == true, "\(failure as Any)")
            #expect(failure?.description.contains("delete it") == true)
            #expect(bench.files.filter { $0 == names.last } == names.suffix(1))
            for name in names { #expect(try Data(contentsOf: bench.folder.appendingPathComponent(name)).count == 15) }
            #expect(bench.server.connections == 0)
        }
    }

    @Test("a file that appears under the name meanwhile is not overwritten", arguments: ["file", "folder", "link"])
    func appears(kind: String) throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            let path = bench.path
            let failure = #expect(throws: DownloadError.self) {
                try bench.downloader.fetch(bench.file(), to: path) { _ in
                    switch kind {
                    case "file": _ = FileManager.default.createFile(atPath: path, contents: Data("mine".utf8))
                    case "folder": try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                    default: try? FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/nowhere")
                    }
                }
            }
            #expect(failure == .fileExists(path: path))
            if kind == "file" { #expect(bench.content == Array("mine".utf8)) }
            #expect(bench.files == ["file.bin"])
        }
    }

    @Test("a link that leads nowhere is in the way before anything is fetched")
    func danglingLink() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            try FileManager.default.createSymbolicLink(atPath: bench.path, withDestinationPath: "/nowhere")
            #expect(bench.failure() == .fileExists(path: bench.path))
            #expect(bench.server.connections == 0)
        }
    }

    @Test("a server that honours no ranges sends the file anew")
    func noRanges() throws {
        try DownloadBench.open(answer: { [bytes] request in
            let body = request.index == 0 ? Array(bytes.prefix(1000)) : bytes
            return [.answer(200, ["ETag: \"v1\"", "Content-Length: \(bytes.count)"], body: body)]
        }) { bench in
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests.map(\.offset) == [nil, 1000])
        }
    }

    @Test("a file that changes between two attempts is fetched anew, whether the server tells by 200, by 206 or by 416", arguments: [
        "honest", "careless", "shorter",
    ])
    func change(server: String) throws {
        let new = DownloadBench.bytes(server == "shorter" ? 500 : 300_000, seed: 2)
        try DownloadBench.open(answer: { [bytes] request in
            if request.index == 0 { return [ServedFile(bytes, cutAfter: 1000).answer(request)] }
            let file = ServedFile(new, entityTag: "\"v2\"")
            guard server != "honest", request.offset != nil else { return [file.answer(request)] }
            // Sends the rest of the new file, as if the condition were not there.
            return [file.answer(request.without("if-range"))]
        }) { bench in
            try bench.fetch()
            #expect(bench.content == new)
            #expect(bench.server.requests.count == (server == "honest" ? 2 : 3))
        }
    }

    @Test("without a tag or a date the file is fetched anew, unless its SHA-256 can tell")
    func noValidator() throws {
        let answer: @Sendable (LoopbackServer.Request) -> [LoopbackServer.Step] = { [bytes] request in
            [ServedFile(bytes, entityTag: nil, cutAfter: request.index == 0 ? 1000 : nil).answer(request)]
        }
        try DownloadBench.open(answer: answer) { bench in
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests.map(\.offset) == [nil, nil])
        }
        try DownloadBench.open(answer: answer) { bench in
            try bench.fetch(RemoteFile(url: bench.server.url("/"), sha256: digest))
            #expect(bench.server.requests.map(\.offset) == [nil, 1000])
        }
    }

    @Test("a server that falls silent, in the body or before its first byte, is asked again", arguments: [true, false])
    func stall(inBody: Bool) throws {
        try DownloadBench.open(answer: { [bytes] request in
            guard request.index == 0 else { return [ServedFile(bytes).answer(request)] }
            let start = inBody ? [ServedFile(bytes, cutAfter: 1000).answer(request)] : []
            return start + [.stall(milliseconds: 20_000)]
        }) { bench in
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests.map(\.offset) == [nil, inBody ? 1000 : nil])
        }
    }

    @Test("an error of the server's that may pass is waited for, and given up on in the end")
    func serverErrors() throws {
        try DownloadBench.open(answer: { [bytes] request in
            request.index == 0 ? [.answer(503, body: Array("later".utf8))] : [ServedFile(bytes).answer(request)]
        }) { bench in
            try bench.fetch()
            #expect(bench.content == bytes)
        }
        try DownloadBench.open(answer: { _ in [.answer(500)] }) { bench in
            let failure = bench.failure()
            #expect(failure?.description.contains("the server answered 500, 3 times in a row") == true, "\(failure as Any)")
            #expect(bench.server.requests.count == 3)
            #expect(bench.files == [])
        }
    }

    @Test("a file that is not there is one message, and one request", arguments: [404, 403, 410])
    func refused(status: Int) throws {
        try DownloadBench.open(answer: { _ in [.answer(status, body: Array("<html>sorry</html>".utf8))] }) { bench in
            #expect(bench.failure() == .refused(url: bench.server.url("/file.bin"), status: status))
            #expect(bench.server.requests.count == 1)
            #expect(bench.files == [])
        }
    }

    @Test("where nobody answers, the message says what to do")
    func unreachable() throws {
        try DownloadBench.open(answer: { _ in [] }) { bench in
            let url = try LoopbackServer.silentAddress()
            let message = bench.failure(RemoteFile(url: url))?.description ?? ""
            #expect(message.hasPrefix("no connection for \(url) ("), "\(message)")
            #expect(message.hasSuffix("is there a network? Else get it elsewhere and put it to '\(bench.path)'"), "\(message)")
            #expect(bench.files == [])
        }
    }

    @Test("what is no web address is refused", arguments: [
        "ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "http:///x", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "",
    ])
    func badAddress(url: String) throws {
        try DownloadBench.open(answer: { _ in [] }) { bench in
            guard case .badAddress = bench.failure(RemoteFile(url: url)) else {
                return #expect(Bool(false), "\(bench.failure(RemoteFile(url: url)) as Any)")
            }
            #expect(bench.server.connections == 0)
        }
    }

    @Test("offline, no connection is made, and the message names the address and the file")
    func offline() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            var offline = bench
            offline.downloader = Downloader(.offline)
            #expect(offline.failure() == .offline(url: bench.server.url("/file.bin"), path: bench.path))
            #expect(bench.server.connections == 0)
            #expect(bench.files == [])
            // The server would have noticed.
            try bench.fetch()
            #expect(bench.server.connections == 1)
        }
    }

    @Test("a file that is there already is not touched")
    func exists() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: bench.path))
            #expect(bench.failure() == .fileExists(path: bench.path))
            #expect(bench.content == Array("mine".utf8))
            #expect(bench.server.connections == 0)
        }
    }

    @Test("two processes do not write into one part")
    func busy() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            let other = try PartialFile(of: bench.path, url: bench.server.url("/file.bin"), write: { write($0, $1, $2) })
            #expect(bench.failure() == .busy(path: bench.path))
            withExtendedLifetime(other) {}
        }
    }

    @Test("a full disk is named, leaves no file under the name, and keeps what came")
    func fullDisk() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            let room = 100_000
            bench.downloader.write = { descriptor, bytes, count in
                let free = room - Int(lseek(descriptor, 0, SEEK_END))
                guard free > 0 else {
                    errno = ENOSPC
                    return -1
                }
                return write(descriptor, bytes, min(count, free))
            }
            #expect(bench.failure() == .noSpace(path: bench.partPath))
            #expect(bench.files == [".file.bin.yolov5-part", ".file.bin.yolov5-part.json"])
            bench.downloader.write = { write($0, $1, $2) }
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests[1].offset == room)
        }
    }

    @Test("a folder that cannot be written to is named")
    func unwritable() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            try Data().write(to: bench.folder.appendingPathComponent("blocked"))
            let path = bench.folder.path + "/blocked/file.bin"
            let failure = #expect(throws: DownloadError.self) { try bench.downloader.fetch(bench.file(), to: path) }
            #expect(failure?.description.hasPrefix("cannot write '\(bench.folder.path)/blocked") == true, "\(failure as Any)")
            #expect(bench.server.connections == 0)
        }
    }
}
