import Foundation
import LoopbackServer
import Testing
@testable import Downloads

@Suite("Servers that lie")
struct DishonestServerTests {
    private let bytes = DownloadBench.bytes(3000)

    @Test("a body shorter than announced never becomes a file")
    func short() throws {
        try DownloadBench.open(answer: { [bytes] _ in [.answer(200, ["Content-Length: 4000"], body: bytes)] }) { bench in
            guard case .interrupted = bench.failure() else { return #expect(Bool(false), "\(bench.failure() as Any)") }
            #expect(!bench.files.contains("file.bin"))
        }
    }

    @Test("a body longer than announced is thrown away")
    func long() throws {
        try DownloadBench.open(answer: { [bytes] _ in [.answer(200, ["Content-Length: 2000"], body: bytes)] }) { bench in
            #expect(bench.failure() == .excess(url: bench.server.url("/file.bin"), announced: 2000))
            #expect(bench.files == [])
        }
    }

    @Test("a rest that is longer than the file is thrown away")
    func longRest() throws {
        try DownloadBench.open(answer: { [bytes] request in
            guard request.offset != nil else { return [ServedFile(bytes, cutAfter: 1000).answer(request)] }
            return [.answer(206, ["Content-Range: bytes 1000-2999/3000", "ETag: \"v1\""], body: bytes)]
        }) { bench in
            #expect(bench.failure() == .excess(url: bench.server.url("/file.bin"), announced: 3000))
            #expect(bench.files == [])
        }
    }

    @Test("a rest from another place than asked for is not joined to the part")
    func wrongRest() throws {
        try DownloadBench.open(answer: { [bytes] request in
            guard request.offset != nil else { return [ServedFile(bytes, cutAfter: request.index == 0 ? 1000 : nil).answer(request)] }
            return [.answer(206, ["Content-Range: bytes 500-2999/3000", "ETag: \"v1\""], body: Array(bytes[500...]))]
        }) { bench in
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests.count == 3)
        }
    }

    @Test("a part that was not asked for is not taken for the file")
    func unaskedPart() throws {
        try DownloadBench.open(answer: { [bytes] _ in
            [.answer(206, ["Content-Range: bytes 0-99/1000", "ETag: \"v1\""], body: Array(bytes[..<100]))]
        }) { bench in
            let failure = bench.failure()
            #expect(failure?.description.contains("a part that was not asked for, 3 times in a row") == true, "\(failure as Any)")
            #expect(bench.files == [])
        }
    }

    @Test("after a start of unknown length, the rest says how long the file is, in a later call as well", arguments: [true, false])
    func lengthOfRest(inOneCall: Bool) throws {
        let start = Array("3E8\r\n".utf8) + bytes[..<1000] + Array("\r\n".utf8)
        try DownloadBench.open(answer: { [bytes] request in
            switch request.offset {
            case nil: [.answer(200, ["Transfer-Encoding: chunked", "ETag: \"v1\""], body: start)]
            case 1000: [.answer(206, ["Content-Range: bytes 1000-1499/3000", "ETag: \"v1\""], body: Array(bytes[1000..<1500]))]
            default: [ServedFile(bytes).answer(request)]
            }
        }) { bench in
            if !inOneCall {
                bench.downloader.attempts = 1
                for count in [1000, 1500] {
                    guard case .interrupted(_, _, 1, count) = bench.failure() else { return #expect(Bool(false), "\(count)") }
                }
            }
            try bench.fetch()
            #expect(bench.content == bytes)
            #expect(bench.server.requests.map(\.offset) == [nil, 1000, 1500])
        }
    }

    @Test("a rest of a file whose length nobody knows is not relied on")
    func endlessRest() throws {
        let chunked: @Sendable ([UInt8]) -> [UInt8] = { Array("\(String($0.count, radix: 16))\r\n".utf8) + $0 + Array("\r\n".utf8) }
        try DownloadBench.open(answer: { [bytes] request in
            guard request.offset == nil else {
                return [.answer(206, ["Content-Range: bytes 1000-1499/*", "ETag: \"v1\""], body: Array(bytes[1000..<1500]))]
            }
            let body = request.index == 0 ? chunked(Array(bytes[..<1000])) : chunked(bytes) + Array("0\r\n\r\n".utf8)
            return [.answer(200, ["Transfer-Encoding: chunked", "ETag: \"v1\""], body: body)]
        }) { bench in
            try bench.fetch()
            #expect(bench.content == bytes)
        }
    }

    @Test("a server that hands out a byte at a time is given up on")
    func dripping() throws {
        try DownloadBench.open(answer: { [bytes] request in [ServedFile(bytes, cutAfter: 1).answer(request)] }) { bench in
            guard case .interrupted(_, _, 3, 3) = bench.failure() else { return #expect(Bool(false), "\(bench.failure() as Any)") }
        }
    }

    @Test("a file of another size than is known is refused before it is fetched")
    func otherSize() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            let url = bench.server.url("/file.bin")
            #expect(bench.failure(RemoteFile(url: url, size: 2999)) == .wrongSize(url: url, expected: 2999, found: 3000))
            #expect(bench.files == [])
        }
    }

    @Test("a file with another SHA-256 than is known is thrown away")
    func otherDigest() throws {
        try DownloadBench.open(answer: { [bytes] in [ServedFile(bytes).answer($0)] }) { bench in
            let expected = String(repeating: "0", count: 64)
            guard case .wrongDigest = bench.failure(RemoteFile(url: bench.server.url("/"), sha256: expected)) else {
                return #expect(Bool(false))
            }
            #expect(bench.files == [])
        }
    }

    @Test("a web page in place of an archive is thrown away")
    func webPage() throws {
        try DownloadBench.open(answer: { _ in [.answer(200, body: Array("<!doctype html>please sign in".utf8))] }) { bench in
            let url = bench.server.url("/data.zip")
            #expect(bench.failure(RemoteFile(url: url, form: .zip)) == .wrongForm(url: url, expected: "a zip archive"))
            #expect(bench.files == [])
        }
    }

    @Test("a limit of size holds, whether the server announces what comes or not", arguments: [true, false])
    func limit(announced: Bool) throws {
        try DownloadBench.open(answer: { [bytes] _ in
            let chunk = Array("BB8\r\n".utf8) + bytes + Array("\r\n0\r\n\r\n".utf8)
            return announced ? [.answer(200, body: bytes)] : [.answer(200, ["Transfer-Encoding: chunked"], body: chunk)]
        }) { bench in
            guard case .tooLarge(_, 2000, 3000) = bench.failure(RemoteFile(url: bench.server.url("/"), sizeLimit: 2000)) else {
                return #expect(Bool(false))
            }
            #expect(bench.files == [])
        }
    }
}

@Suite("Redirects")
struct RedirectTests {
    private let bytes = DownloadBench.bytes(3000)

    @Test("redirects are followed, by absolute and by relative addresses, also to the rest of a file", arguments: [301, 302, 303, 307, 308])
    func followed(status: Int) throws {
        try DownloadBench.open(answer: { [bytes] request in
            switch request.path {
            case "/a/file.bin": [.redirect("../b/file", status: status)]
            case "/b/file": [.redirect("http://\(request.fields["host"] ?? "")/c?key=1", status: status)]
            default: [ServedFile(bytes, cutAfter: request.index == 2 ? 1000 : nil).answer(request)]
            }
        }) { bench in
            try bench.fetch(bench.file("/a/file.bin"))
            #expect(bench.content == bytes)
            #expect(bench.server.requests.map(\.path) == ["/a/file.bin", "/b/file", "/c?key=1", "/a/file.bin", "/b/file", "/c?key=1"])
            #expect(bench.server.requests[5].offset == 1000)
        }
    }

    @Test("circles and endless chains end", arguments: ["/circle", "/chain0"])
    func circles(path: String) throws {
        try DownloadBench.open(answer: { request in
            [.redirect(request.path == "/circle" ? "/circle" : "/chain\(request.index + 1)")]
        }) { bench in
            let failure = bench.failure(bench.file(path))
            #expect(failure?.description.contains("redirected more than 10 times") == true, "\(failure as Any)")
            #expect(bench.server.requests.count == 11)
        }
    }

    @Test("a redirect to something that is not the web, or to nowhere, is refused", arguments: [
        ("Location: file:///etc/passwd", "file:///etc/passwd, which is not on the web"), ("X: y", "without saying where to look"),
    ])
    func elsewhere(field: String, part: String) throws {
        try DownloadBench.open(answer: { _ in [.answer(302, [field])] }) { bench in
            let failure = bench.failure()
            #expect(failure?.description.contains(part) == true, "\(failure as Any)")
            #expect(bench.files == [])
        }
    }

    @Test("a redirect from https to http is refused")
    func downgrade() {
        #expect(Downloader.refusal(of: "http://host/x", from: "https://host/x")?.contains("from https to http://host/x") == true)
        #expect(Downloader.refusal(of: "HTTP://host/x", from: "HTTPS://host/x") != nil)
        #expect(Downloader.refusal(of: "https://host/x", from: "http://host/x") == nil)
        #expect(Downloader.refusal(of: "https://host/y", from: "https://host/x") == nil)
    }

    @Test("messages hide names, passwords and keys of an address")
    func hidden() {
        let url = "https://me:secret@host/file.zip?token=hidden#part"
        #expect(DownloadError.refused(url: url, status: 404).description.hasPrefix("https://host/file.zip: the server answered 404"))
    }

    @Test("the name of a file is the last part of its address", arguments: [
        ("https://host/a/coco128.zip?x=/y.zip", "coco128.zip"), ("http://host/a%20b.zip", "a b.zip"), ("https://host/yolov5n.pt#1", "yolov5n.pt"),
        ("https://host/", nil), ("https://host", nil), ("https://host/..", nil), ("https://host/a%2Fb", nil), ("https://host/a%2F%CC%B8b", nil), ("https://host/%00", nil),
    ] as [(String, String?)])
    func baseName(url: String, name: String?) {
        #expect(RemoteFile.baseName(of: url) == name)
    }
}
