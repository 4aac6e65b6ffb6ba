import Foundation
import GoldenFixtures
import Testing
@testable import Downloads

@Suite("Unpacking a zip archive")
struct ZipArchiveTests {
    private typealias Entry = ZipBuilder.Entry

    private let text = Array(String(repeating: "boxes and more boxes ", count: 50_000).utf8)
    private let noise = DownloadBench.bytes(700_000)

    /// Unpacks an archive, and says what is where afterwards.
    private func unpack(
        _ builder: ZipBuilder, limits: ZipArchive.Limits = ZipArchive.Limits(), prepare: (URL) throws -> Void = { _ in },
        allowing others: Set<String> = [], check: (URL) throws -> Void
    ) throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let file = root.appendingPathComponent("data.zip")
        try Data(builder.bytes).write(to: file)
        let folder = root.appendingPathComponent("out")
        try prepare(folder)
        do throws(ArchiveError) {
            try ZipArchive(path: file.path, limits: limits).extract(to: folder.path)
        } catch {
            // Whatever was wrong, nothing of the archive stays, and nothing got out.
            let left = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String }.sorted() ?? []
            let unexpected = left.filter { !$0.hasPrefix("out/mine") && !others.contains($0) && !["data.zip", "out"].contains($0) }
            #expect(unexpected == [], "\(left)")
            throw error
        }
        try check(folder)
    }

    private func failure(_ builder: ZipBuilder, limits: ZipArchive.Limits = ZipArchive.Limits()) throws -> String {
        let error = #expect(throws: ArchiveError.self) { try unpack(builder, limits: limits) { _ in } }
        return error?.description ?? ""
    }

    private func content(_ folder: URL, _ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder.path + "/" + path).map(Array.init)
    }

    private func names(_ folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? ["no folder"]).sorted()
    }

    @Test("stored and deflated entries, folders, empty files and Unicode names come out as they went in")
    func ordinary() throws {
        let builder = ZipBuilder([
            Entry("coco/"), Entry("coco/empty/"), Entry("coco/images/a.jpg", noise), Entry("coco/labels/a.txt", text) { $0.isDeflated = true },
            Entry("./coco/none.txt"), Entry("coco/noise") { [noise] in ($0.content, $0.isDeflated) = (noise, true) }, Entry("größe/图.txt", [1]),
        ])
        try unpack(builder) { folder in
            #expect(content(folder, "coco/images/a.jpg") == noise)
            #expect(content(folder, "coco/labels/a.txt") == text)
            #expect(content(folder, "coco/none.txt") == [])
            #expect(content(folder, "coco/noise") == noise)
            #expect(content(folder, "größe/图.txt") == [1])
            #expect(names(folder.appendingPathComponent("coco/empty")) == [])
            #expect(names(folder) == ["coco", "größe"])
        }
    }

    @Test("zip64, data descriptors, comments, and what macOS adds are understood")
    func variants() throws {
        var builder = ZipBuilder([
            Entry("a") { [text] in ($0.content, $0.isDeflated, $0.isWide) = (text, true, true) },
            Entry("b") { [text] in ($0.content, $0.isDeflated, $0.hasDescriptor) = (text, true, true) },
            Entry("__MACOSX/._a", [1]), Entry("x/.DS_Store", [1]),
        ])
        builder.isWide = true
        builder.comment = Array("PK\u{5}\u{6} is no end".utf8)
        try unpack(builder) { folder in
            #expect(content(folder, "a") == text)
            #expect(content(folder, "b") == text)
            #expect(names(folder) == ["a", "b"])
        }
    }

    @Test("names that are no UTF-8 are read as DOS wrote them; of those that say they are, the archive is refused")
    func oldNames() throws {
        let name: [UInt8] = [0x67, 0x72, 0x94, 0xE1, 0x65]
        try unpack(ZipBuilder([Entry("") { ($0.name, $0.flags, $0.content) = (name, 0, [7]) }])) { #expect(content($0, "größe") == [7]) }
        #expect(try failure(ZipBuilder([Entry("") { $0.name = name }])).contains("not UTF-8"))
    }

    @Test("an archive by another program is read")
    func python() throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let script = "import zipfile,sys; z=zipfile.ZipFile('a.zip','w',8); z.writestr('d/x.txt','hello '*1000); z.writestr('y','1')"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.currentDirectoryURL = root
        guard (try? process.run()) != nil else { return }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return }
        try ZipArchive(path: root.path + "/a.zip").extract(to: root.path + "/out/")
        #expect(content(root, "out/d/x.txt") == Array(String(repeating: "hello ", count: 1000).utf8))
        #expect(content(root, "out/y") == Array("1".utf8))
    }

    @Test("entries that lead elsewhere are refused, and nothing is written", arguments: [
        ("../evil", "leads out"), ("a/../../evil", "leads out"), ("a/..", "leads out"), ("/etc/evil", "absolute"), ("../\u{338}evil", "leads out"), ("/\u{338}evil", "absolute"), ("a\\\u{338}b", "backslash"), ("C:/evil", "drive"),
        ("c:evil", "drive"), ("..\\evil", "backslash"), ("a\\b", "backslash"), ("a\0b", "control"), ("a\nb", "control"),
        (String(repeating: "d/", count: 200) + "x", "nested 201"), (String(repeating: "x", count: 5000), "5000 bytes"),
    ])
    func traversal(name: String, part: String) throws {
        let message = try failure(ZipBuilder([Entry("good", [1]), Entry(name, [2])]))
        #expect(message.contains(part), "\(message)")
    }

    @Test("links and devices are refused", arguments: [(0o120777, "symbolic link"), (0o020666, "no ordinary file"), (0o010666, "no ordinary file")])
    func kinds(mode: Int, part: String) throws {
        #expect(try failure(ZipBuilder([Entry("link", Array("/etc".utf8)) { $0.mode = mode }, Entry("link/x", [1])])).contains(part))
        try unpack(ZipBuilder([Entry("file", [1]) { $0.mode = 0o100644 }])) { #expect(content($0, "file") == [1]) }
    }

    @Test("names that stand twice, or are a file and a folder at once, are refused", arguments: [
        (["a", "a"], "stands twice"), (["a", "./a"], "stands twice"), (["a", "a/b"], "a file and a folder"), (["a/b", "a"], "a file and a folder"),
        (["a", "a/"], "a file and a folder"), (["a/b/c", "a"], "a file and a folder"),
    ])
    func duplicates(names: [String], part: String) throws {
        #expect(try failure(ZipBuilder(names.map { Entry($0, $0.hasSuffix("/") ? [] : [1]) })).contains(part))
    }

    struct Change: Sendable {
        let make: @Sendable (inout ZipBuilder.Entry) -> Void
    }

    @Test("what is encrypted or compressed otherwise is refused with what to do", arguments: [
        (Change { $0.flags |= 1 }, "encrypted; unpack it yourself"), (Change { $0.method = 12 }, "method 12; unpack it yourself"),
    ])
    func unsupported(_ change: Change, part: String) throws {
        let message = try failure(ZipBuilder([Entry("a", [1], change.make)]))
        #expect(message.contains(part), "\(message)")
    }

    @Test("damage is found: checksums, sizes, deflated data", arguments: [
        (Change { $0.checksum = 1 }, "checksum"), (Change { $0.claimedSize = 3 }, "two different sizes"),
        (Change { ($0.isDeflated, $0.claimedSize) = (true, 99) }, "more than the 99 bytes"), (Change { ($0.isDeflated, $0.claimedSize) = (true, 200) }, "checksum"),
        (Change { ($0.method, $0.content) = (8, [0xFF, 0xFF, 0xFF]) }, "cannot be unpacked"),
        (Change { ($0.method, $0.content) = (8, Array(ZipBuilder.deflated([1, 2, 3]).dropLast())) }, "cannot be unpacked"),
        (Change { ($0.method, $0.content, $0.claimedSize) = (8, ZipBuilder.deflated([1, 2, 3]) + [0], 3) }, "cannot be unpacked"),
    ])
    func damage(_ change: Change, part: String) throws {
        let message = try failure(ZipBuilder([Entry("first", [1]), Entry("a", [UInt8](repeating: 7, count: 100), change.make)]))
        #expect(message.contains(part), "\(message)")
    }

    @Test("a bomb is refused by what it claims, and stopped by what it holds")
    func bombs() throws {
        let zeros = [UInt8](repeating: 0, count: 80 << 20)
        #expect(try failure(ZipBuilder([Entry("zeros", zeros) { $0.isDeflated = true }])).contains("far more than fits"))
        // Claims little, holds much: only so much comes out.
        let liar = ZipBuilder([Entry("zeros", zeros) { ($0.isDeflated, $0.claimedSize) = (true, 1000) }])
        #expect(try failure(liar).contains("more than the 1000 bytes that it claims"))
        var limits = ZipArchive.Limits()
        limits.totalSize = 1000
        #expect(try failure(ZipBuilder([Entry("a", Array(noise[..<600])), Entry("b", Array(noise[..<600]))]), limits: limits).contains("more than 1000 bytes"))
        limits = ZipArchive.Limits()
        limits.entries = 1
        #expect(try failure(ZipBuilder([Entry("a"), Entry("b")]), limits: limits).contains("2 entries"))
    }

    @Test("entries that lie on each other, and a directory that points out of the file, are refused")
    func overlap() throws {
        var bytes = ZipBuilder([Entry("a", noise), Entry("b", noise)]).bytes
        let end = bytes.count - 22
        // The offset of b's header is the four bytes before its name in the directory: let it be that of a.
        bytes.replaceSubrange(end - 5..<end - 1, with: [0, 0, 0, 0])
        #expect(try message(of: bytes).contains("on another one"))
        bytes.replaceSubrange(end - 5..<end - 1, with: [0xFF, 0xFF, 0xFF, 0x7F])
        #expect(try message(of: bytes).contains("outside of the file"))
    }

    @Test("every archive that is cut short is refused with a message")
    func truncated() throws {
        var builder = ZipBuilder([Entry("a", [1, 2, 3]), Entry("b", Array(text[..<1000])) { ($0.isDeflated, $0.isWide) = (true, true) }])
        builder.isWide = true
        let bytes = builder.bytes
        for count in 0..<bytes.count { #expect(try !message(of: Array(bytes[..<count])).isEmpty) }
    }

    @Test("an archive with any byte changed is unpacked or refused, and does no harm")
    func altered() throws {
        var builder = ZipBuilder([Entry("a", [1, 2, 3]), Entry("b", Array(text[..<500])) { ($0.isDeflated, $0.isWide) = (true, true) }])
        builder.isWide = true
        let bytes = builder.bytes
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        for position in bytes.indices {
            for value in [0, 0x2F, 0x7F, 0xFF] as [UInt8] {
                var changed = bytes
                changed[position] = value
                try Data(changed).write(to: root.appendingPathComponent("data.zip"))
                try? ZipArchive(path: root.path + "/data.zip").extract(to: root.path + "/out")
                try? FileManager.default.removeItem(atPath: root.path + "/out")
            }
        }
        #expect(names(root) == ["data.zip"])
    }

    @Test("what is no zip archive is refused with what it is", arguments: [
        (Array("PK\u{3}\u{4} and so on".utf8), "cut short"), ([0x1F, 0x8B, 8, 0], "gzip; unpack it yourself: tar xzf"), ([], "empty"),
        (Array("<html>".utf8), "no zip archive"),
    ] as [([UInt8], String)])
    func foreign(bytes: [UInt8], part: String) throws {
        let message = try message(of: bytes)
        #expect(message.contains(part), "\(message)")
    }

    private func message(of bytes: [UInt8]) throws -> String {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        try Data(bytes).write(to: root.appendingPathComponent("data.zip"))
        let error = #expect(throws: ArchiveError.self) { try ZipArchive(path: root.path + "/data.zip").extract(to: root.path + "/out") }
        return error?.description ?? ""
    }

    @Test("an archive joins a folder that is there, and what is the same already stays")
    func joined() throws {
        let builder = ZipBuilder([Entry("coco/labels/a.txt", [1]), Entry("coco/images/b.jpg", [2])])
        try unpack(builder, prepare: { folder in
            try FileManager.default.createDirectory(at: folder.appendingPathComponent("coco/labels"), withIntermediateDirectories: true)
            try Data([1]).write(to: folder.appendingPathComponent("coco/labels/a.txt"))
            try Data([9]).write(to: folder.appendingPathComponent("coco/mine.txt"))
        }) { folder in
            #expect(content(folder, "coco/images/b.jpg") == [2])
            #expect(content(folder, "coco/mine.txt") == [9])
            #expect(names(folder) == ["coco"])
        }
    }

    @Test("no file of the user's is replaced, whether of another size, of the same, a folder, or a link", arguments: ["size", "content", "folder", "link"])
    func occupied(kind: String) throws {
        let builder = ZipBuilder([Entry("new", [1]), Entry("mine/a.txt", [1, 2])])
        let error = #expect(throws: ArchiveError.self) {
            try unpack(builder, prepare: { folder in
                let mine = folder.appendingPathComponent("mine")
                try FileManager.default.createDirectory(at: mine, withIntermediateDirectories: true)
                let file = mine.appendingPathComponent("a.txt")
                switch kind {
                case "size": try Data([1, 2, 3]).write(to: file)
                case "content": try Data([1, 3]).write(to: file)
                case "folder": try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
                default: try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/nowhere/at/all")
                }
            }) { _ in }
        }
        #expect(error?.description.contains("mine/a.txt' is there already") == true, "\(error as Any)")
    }

    @Test("a file in the place of a folder is named, whether the archive lists that folder or not", arguments: [[], ["images/"], ["images/deep/"]])
    func fileForFolder(listed: [String]) throws {
        let builder = ZipBuilder(listed.map { Entry($0) } + [Entry("images/deep/a.jpg", [1]), Entry("labels/a.txt", [2])])
        let error = #expect(throws: ArchiveError.self) {
            try unpack(builder, prepare: { folder in
                // In a folder called mine, which `unpack` leaves out of its account.
                try FileManager.default.createDirectory(at: folder.appendingPathComponent("mine"), withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(atPath: folder.path + "/images", withDestinationPath: "mine/file")
                try Data([9]).write(to: folder.appendingPathComponent("mine/file"))
            }, allowing: ["out/images"]) { _ in }
        }
        #expect(error?.description.contains("out/images' is there already") == true, "\(error as Any)")
    }

    @Test("where moving fails halfway, what was moved is taken back", .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
    func halfMoved() throws {
        let elsewhere = URL(fileURLWithPath: "/dev/shm/yolov5-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: elsewhere) }
        let builder = ZipBuilder([Entry("a/1", [1]), Entry("b", [2]), Entry("c/1", [3]), Entry("mine/x", [4]), Entry("z", [5])])
        let error = #expect(throws: ArchiveError.self) {
            try unpack(builder, prepare: { folder in
                try FileManager.default.createDirectory(at: folder.appendingPathComponent("c"), withIntermediateDirectories: true)
                // On another disk, where nothing can be moved to.
                try FileManager.default.createSymbolicLink(atPath: folder.path + "/mine", withDestinationPath: elsewhere.path)
            }, allowing: ["out/c"]) { _ in }
        }
        #expect(error?.description.hasPrefix("cannot write") == true, "\(error as Any)")
        #expect(names(elsewhere) == [])
    }

    @Test("a directory that is larger than any archive's is not read")
    func hugeDirectory() throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let file = root.appendingPathComponent("data.zip")
        var builder = ZipBuilder([])
        builder.isWide = true
        let size = 5 << 30
        // The records at the end, behind a hole of five gigabytes that is said to be the directory.
        var end = builder.bytes
        end.replaceSubrange(24..<56, with: [30_000, 30_000, size, 0].flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } })
        end.replaceSubrange(64..<72, with: (0..<8).map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) })
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(size))
        try handle.seekToEnd()
        try handle.write(contentsOf: end)
        try handle.close()
        let error = #expect(throws: ArchiveError.self) { try ZipArchive(path: file.path) }
        #expect(error?.description.contains("directory of \(size) bytes") == true, "\(error as Any)")
    }

    @Test("what a killed process left unpacked is cleared away; a process that is at it is waited for")
    func staging() throws {
        let builder = ZipBuilder([Entry("a", [1])])
        try unpack(builder, prepare: { folder in
            let left = folder.appendingPathComponent(".data.zip.unpacking/sub")
            try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
            try Data([9]).write(to: left.appendingPathComponent("a"))
        }) { #expect(names($0) == ["a"]) }

        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        try Data(builder.bytes).write(to: root.appendingPathComponent("data.zip"))
        let other = try StagingFolder(in: root.path, for: "data.zip", destination: root.path)
        #expect(throws: ArchiveError.busy(path: root.path + "/data.zip", folder: root.path)) {
            try ZipArchive(path: root.path + "/data.zip").extract(to: root.path)
        }
        withExtendedLifetime(other) {}
    }
}
