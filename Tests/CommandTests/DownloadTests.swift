import Foundation
import GoldenFixtures
import LoopbackServer
import Testing

/// What the command fetches, from a server on this machine.
@Suite("Downloads of the command", .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct DownloadTests {
    private static let isGolden = Fixtures.areAvailable

    /// Serves these files, by name.
    private func serve(_ files: [String: [UInt8]], _ body: (LoopbackServer) throws -> Void) throws {
        let server = try LoopbackServer { request in
            [files[String(request.path.dropFirst())].map { ServedFile($0).answer(request) } ?? .answer(404)]
        }
        defer { server.stop() }
        try body(server)
    }

    @Test("weights of an address are fetched once, and trained on", .enabled(if: isGolden, Comment(rawValue: Fixtures.reasonToSkip)))
    func weights() throws {
        let weights = try Data(contentsOf: Fixtures.weights.appendingPathComponent("yolov5n.pt"))
        try serve(["mine.pt": Array(weights)]) { server in
            try Workshop.open { workshop in
                try workshop.drawShapes()
                let url = server.url("/mine.pt")
                for attempt in 1...2 {
                    let outcome = try workshop.command(
                        "train", "--weights", url, "--data", "tiny.yaml", "--img", "64", "--batch-size", "4", "--epochs", "1", "--device", "cpu",
                        "--noval")
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    let line = "Fetching \(url) to mine.pt; these weights carry a licence of their own"
                    #expect(outcome.output.contains(line) == (attempt == 1), "\(outcome.output)")
                }
                #expect(server.requests.count == 1)
                #expect(FileManager.default.contents(atPath: workshop.folder.path + "/mine.pt") == weights)
                #expect(!workshop.exists(".mine.pt.yolov5-part"))
            }
        }
    }

    @Test("offline, an address is refused by one message, and nobody is asked", arguments: ["train", "val"])
    func offline(command: String) throws {
        try serve([:]) { server in
            try Workshop.open { workshop in
                try workshop.drawShapes()
                let url = server.url("/mine.pt")
                let outcome = try workshop.command(command, "--weights", url, "--data", "tiny.yaml", "--img", "64", "--offline", "--device", "cpu")
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("error: 'mine.pt' is not there and --offline forbids to fetch it; get \(url) elsewhere"), "\(outcome.errors)")
                #expect(!outcome.output.contains("Fetching"))
                #expect(server.connections == 0)
                #expect(!workshop.exists("runs"))
            }
        }
    }

    @Test("weights that are not on the server are one message")
    func missing() throws {
        try serve([:]) { server in
            try Workshop.open { workshop in
                try workshop.drawShapes()
                let outcome = try workshop.command("val", "--weights", server.url("/mine.pt"), "--data", "tiny.yaml", "--img", "64", "--device", "cpu")
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("the server answered 404 (no such file)"), "\(outcome.errors)")
                #expect(!workshop.exists("mine.pt"))
            }
        }
    }

    @Test("a data set on the web is fetched and unpacked; what is wrong inside is said of the file there")
    func dataset() throws {
        try serve(["set.zip": StoredZip.bytes(["set.yaml": "train: images\nval: images\nnames: [cat]\n", "note.txt": "x"])]) { server in
            try Workshop.open { workshop in
                let arguments = ["train", "--weights", "", "--cfg", "yolov5n.yaml", "--data", server.url("/set.zip"), "--device", "cpu"]
                let outcome = try workshop.command.run(arguments)
                #expect(outcome.status == 1)
                #expect(outcome.output.contains("Unpacking datasets/set.zip to datasets/set"), "\(outcome.output)")
                #expect(outcome.errors.contains("'train: images' of") && outcome.errors.contains("datasets/set/set.yaml:1"), "\(outcome.errors)")
                #expect(workshop.exists("datasets/set/note.txt"))
            }
        }
    }
}
