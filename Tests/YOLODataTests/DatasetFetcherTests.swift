import Downloads
import Foundation
import GoldenFixtures
import LoopbackServer
import Testing
import Yams
@testable import YOLOData

@Suite("Fetching a data set")
struct DatasetFetcherTests {
    private struct Site {
        let server: LoopbackServer
        let folder: URL
        var root: String { folder.path + "/datasets/set" }

        func steps(_ yaml: String) throws -> DownloadSteps {
            let text = yaml.replacingOccurrences(of: "SERVER", with: server.url(""))
            return try DownloadSteps(try #require(try Yams.compose(yaml: text)), file: "set.yaml")
        }

        func fetcher(_ policy: NetworkPolicy = .allowed) -> DatasetFetcher {
            var downloader = Downloader(policy)
            downloader.attempts = 1
            return DatasetFetcher(root: root, downloader: downloader)
        }

        /// All files below the folder.
        var files: [String] {
            let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
            return all.filter { path in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: folder.path + "/" + path, isDirectory: &isFolder) && !isFolder.boolValue
            }.sorted()
        }
    }

    private func open(_ archives: [String: [UInt8]], _ body: (Site) throws -> Void) throws {
        let server = try LoopbackServer { request in
            [archives[String(request.path.dropFirst())].map { ServedFile($0).answer(request) } ?? .answer(404)]
        }
        let folder = try Fixtures.temporaryFolder()
        defer {
            server.stop()
            try? FileManager.default.removeItem(at: folder)
        }
        try body(Site(server: server, folder: folder))
    }

    @Test("an archive goes to the folder beside 'path', and is removed")
    func address() throws {
        try open(["set.zip": StoredZip.bytes(["set/images/a.jpg": "image", "set/labels/a.txt": "0 0.5 0.5 1 1"])]) { site in
            try site.fetcher().run(site.steps("SERVER/set.zip"))
            #expect(site.files == ["datasets/set/images/a.jpg", "datasets/set/labels/a.txt"])
        }
    }

    @Test("steps are done in their order, and left out where their result is there")
    func order() throws {
        let archives = ["a.zip": StoredZip.bytes(["tracking/a.jpg": "image"]), "b.zip": StoredZip.bytes(["labels.json": "{}"])]
        try open(archives) { site in
            let steps = try site.steps("""
                - url: SERVER/a.zip
                  into: .
                  unless: images
                - move: tracking
                  to: images/train
                - url: SERVER/b.zip
                  into: raw
                  unless: raw/labels.json
                - convert: argoverse
                  from: raw
                  to: .
                  unless: labels
                - split: images/train
                  unless: images/list.txt
                """)
            var fetcher = site.fetcher()
            var events: [String] = []
            fetcher.report = { if case .progress = $0 {} else { events.append("\($0)".replacingOccurrences(of: site.folder.path, with: "")) } }
            #expect(throws: DataError.self) { try fetcher.run(steps) }
            #expect(site.files == ["datasets/.set.unfinished", "datasets/set/images/train/a.jpg", "datasets/set/raw/labels.json"])
            #expect(site.server.requests.count == 2)
            #expect(fetcher.isUnfinished(steps))

            var conversions: [DatasetFetcher.Conversion] = []
            fetcher.convert = { conversion in
                conversions.append(conversion)
                try FileManager.default.createDirectory(atPath: site.root + "/labels", withIntermediateDirectories: true)
            }
            var splits: [String] = []
            fetcher.split = { splits.append($0) }
            try fetcher.run(steps)
            try fetcher.run(steps)
            #expect(conversions == [.init(format: .argoverse, source: site.root + "/raw", folder: site.root)])
            #expect(splits == [site.root + "/images/train", site.root + "/images/train"])
            #expect(site.server.requests.count == 2)
            #expect(!fetcher.isUnfinished(steps))
            #expect(site.files == ["datasets/set/images/train/a.jpg", "datasets/set/raw/labels.json"])
        }
    }

    @Test("a conversion that was stopped is made again; labels that lie there unconverted are converted")
    func stoppedConversion() throws {
        try open([:]) { site in
            let steps = try site.steps("""
                - convert: voc
                  from: raw
                  to: .
                  unless: labels
                """)
            var fetcher = site.fetcher()
            #expect(!fetcher.isUnfinished(steps))
            try FileManager.default.createDirectory(atPath: site.root + "/raw", withIntermediateDirectories: true)
            #expect(fetcher.isUnfinished(steps))

            struct Stopped: Error {}
            fetcher.convert = { _ in
                try FileManager.default.createDirectory(atPath: site.root + "/labels", withIntermediateDirectories: true)
                throw Stopped()
            }
            #expect(throws: Stopped.self) { try fetcher.run(steps) }
            #expect(fetcher.isUnfinished(steps))
            var count = 0
            fetcher.convert = { _ in count += 1 }
            try fetcher.run(steps)
            try fetcher.run(steps)
            #expect(count == 1)
            #expect(!fetcher.isUnfinished(steps))
        }
    }

    @Test("what a program cannot do is said with the command that does it", arguments: [
        ("[{convert: voc, from: VOCdevkit, to: .}]", "yolov5 data convert voc 'ROOT/VOCdevkit' --to 'ROOT'"),
        ("[{split: images/train}]", "yolov5 data autosplit 'ROOT/images/train'"),
        ("[{manual: 'https://x.org', what: all of it, unless: a}]", "https://x.org cannot be fetched by a program; get it yourself and put to 'ROOT': all of it"),
        ("[{url: 'SERVER/x.tar.gz', into: raw}]", "curl -L 'SERVER/x.tar.gz' | tar xz -C 'ROOT/raw'"),
        (#"[{convert: voc, from: "a';b", to: .}]"#, #"convert voc 'ROOT/a'\'';b' --to"#),
        ("SERVER/x.tgz", "| tar xz -C 'PARENT'"),
        ("[{move: nothing, to: x}]", "'ROOT/nothing' is not there to be moved"),
    ])
    func advice(yaml: String, part: String) throws {
        try open([:]) { site in
            let error = #expect(throws: DataError.self) { try site.fetcher().run(site.steps(yaml)) }
            let expected = part.replacingOccurrences(of: "ROOT", with: site.root).replacingOccurrences(of: "SERVER", with: site.server.url(""))
                .replacingOccurrences(of: "PARENT", with: site.folder.path + "/datasets")
            #expect(error?.description.hasPrefix("set.yaml:1: ") == true && error?.description.contains(expected) == true, "\(error as Any)")
            #expect(site.server.connections == 0)
        }
    }

    @Test("a script runs only if the user says so, and never offline")
    func scripts() throws {
        try open([:]) { site in
            let script = "bash -c 'echo done > \(site.folder.path)/proof; exit 0'"
            let steps = try DownloadSteps(Node(script), file: "set.yaml")
            let refusal = #expect(throws: DataError.self) { try site.fetcher().run(steps) }
            #expect(refusal?.description.contains("--allow-scripts") == true)
            var offline = site.fetcher(.offline)
            offline.allowsScripts = true
            let offlineRefusal = #expect(throws: DataError.self) { try offline.run(steps) }
            #expect(offlineRefusal?.description.contains("--offline forbids") == true)
            #expect(site.files == [])
            var fetcher = site.fetcher()
            fetcher.allowsScripts = true
            try fetcher.run(steps)
            #expect(site.files == ["proof"])
            let failing = #expect(throws: DataError.self) { try fetcher.run(DownloadSteps(Node("bash -c 'exit 3'"), file: "set.yaml")) }
            #expect(failing?.description.contains("ended with status 3") == true)
        }
    }

    @Test("offline, nothing is asked for, and the address is named")
    func offline() throws {
        try open(["set.zip": StoredZip.bytes(["set/a.txt": ""])]) { site in
            let error = #expect(throws: DownloadError.self) { try site.fetcher(.offline).run(site.steps("SERVER/set.zip")) }
            #expect(error?.description.contains(site.server.url("/set.zip")) == true)
            #expect(site.server.connections == 0)
            #expect(site.files == [])
        }
    }

    @Test("an archive with its own YAML is unpacked beside itself once, and its YAML found")
    func localArchive() throws {
        try open([:]) { site in
            let archive = site.folder.path + "/My Set.ZIP"
            try Data(StoredZip.bytes(["x/data.yaml": "train: images", "x/images/deep/other.yaml": "", "x/images/a.jpg": "image"]))
                .write(to: URL(fileURLWithPath: archive))
            #expect(DatasetArchive.isNamed(by: archive))
            let yaml = try DatasetArchive.yaml(of: archive, downloader: Downloader(.offline))
            #expect(yaml == site.folder.path + "/My Set/x/data.yaml")
            try Data("path: /somewhere/else\ntrain: images\nval: ../x/images\nnames: [cat]\n".utf8).write(to: URL(fileURLWithPath: yaml))
            let description = try DatasetDescription(named: archive)
            #expect(description.train == [site.folder.path + "/My Set/x/images"])
            try Data("changed".utf8).write(to: URL(fileURLWithPath: yaml))
            #expect(try DatasetArchive.yaml(of: archive, downloader: Downloader(.offline)) == yaml)
            #expect(FileManager.default.contents(atPath: yaml) == Data("changed".utf8))
            #expect(FileManager.default.fileExists(atPath: archive))
        }
    }

    @Test("an archive on the web is fetched to the folder of data sets once")
    func remoteArchive() throws {
        try open(["a/set.zip": StoredZip.bytes(["set.yaml": "train: images", "other.yaml": ""])]) { site in
            let url = site.server.url("/a/set.zip?key=1")
            #expect(DatasetArchive.isNamed(by: url))
            let served = try DatasetArchive.yaml(
                of: site.server.url("/a/set.zip"), downloader: Downloader(), fetchingTo: site.folder.path + "/datasets")
            #expect(served == site.folder.path + "/datasets/set/set.yaml")
            #expect(try DatasetArchive.yaml(of: url, downloader: Downloader(.offline), fetchingTo: site.folder.path + "/datasets") == served)
            #expect(site.server.requests.count == 1)
        }
    }

    /// An archive whose only file does not match its checksum.
    private var damaged: [UInt8] {
        var bytes = StoredZip.bytes(["set/a.txt": "content", "set/data.yaml": "train: images"])
        bytes[30 + "set/a.txt".utf8.count] ^= 1
        return bytes
    }

    @Test("an archive that arrives damaged is thrown away, so that it can be fetched again", arguments: ["steps", "archive"])
    func damagedArchive(kind: String) throws {
        try open(["set.zip": damaged]) { site in
            func fetch() throws {
                if kind == "steps" { return try site.fetcher().run(site.steps("SERVER/set.zip")) }
                _ = try DatasetArchive.yaml(
                    of: site.server.url("/set.zip"), downloader: Downloader(), fetchingTo: site.folder.path + "/datasets")
            }
            for attempt in 1...2 {
                let error = #expect(throws: ArchiveError.self) { try fetch() }
                #expect(error?.description.contains("fetches it again") == true, "\(error as Any)")
                #expect(site.files == (kind == "steps" ? ["datasets/.set.unfinished"] : []))
                #expect(site.server.requests.count == attempt)
            }
        }
    }

    @Test("a damaged archive that was there before is the user's: it stays, and the message says to delete it")
    func damagedEarlier() throws {
        try open([:]) { site in
            let archive = site.folder.path + "/datasets/set.zip"
            try FileManager.default.createDirectory(atPath: site.folder.path + "/datasets", withIntermediateDirectories: true)
            try Data(damaged).write(to: URL(fileURLWithPath: archive))
            let bySteps = #expect(throws: ArchiveError.self) { try site.fetcher().run(site.steps("SERVER/set.zip")) }
            #expect(bySteps?.description.contains("delete it") == true, "\(bySteps as Any)")
            let byAddress = #expect(throws: ArchiveError.self) {
                try DatasetArchive.yaml(of: site.server.url("/set.zip"), downloader: Downloader(), fetchingTo: site.folder.path + "/datasets")
            }
            #expect(byAddress?.description.contains("delete it") == true, "\(byAddress as Any)")
            let byPath = #expect(throws: ArchiveError.self) { try DatasetArchive.yaml(of: archive, downloader: Downloader()) }
            #expect(byPath?.description.hasSuffix("get it again") == true, "\(byPath as Any)")
            #expect(site.files == ["datasets/.set.unfinished", "datasets/set.zip"])
            #expect(site.server.connections == 0)
        }
    }

    @Test("an archive without one clear YAML is refused", arguments: [(["a.txt": "x"], "holds no YAML"), (["a.yaml": "", "b.yaml": ""], "several YAMLs")])
    func unclear(files: [String: String], part: String) throws {
        try open([:]) { site in
            let archive = site.folder.path + "/set.zip"
            try Data(StoredZip.bytes(files)).write(to: URL(fileURLWithPath: archive))
            let error = #expect(throws: DataError.self) { try DatasetArchive.yaml(of: archive, downloader: Downloader()) }
            #expect(error?.description.contains(part) == true, "\(error as Any)")
        }
    }

    @Test("what is no archive is left to others", arguments: ["data/coco128.yaml", "https://host/set.yaml", "zip", "https://host/"])
    func otherNames(data: String) {
        #expect(!DatasetArchive.isNamed(by: data))
    }
}
