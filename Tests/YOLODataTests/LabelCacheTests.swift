import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("The label cache")
struct LabelCacheTests {
    /// A data set of `count` images with one object each, written long enough ago to be trusted.
    private final class Workshop {
        let root: URL
        let description: DatasetDescription

        init(count: Int = 6) throws {
            root = try Fixtures.temporaryFolder()
            description = DatasetDescription(
                file: "set.yaml", train: [root.path + "/images"], validation: [root.path + "/images"], names: ["cat", "dog", "cow"])
            for folder in ["images", "labels"] {
                try FileManager.default.createDirectory(at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
            }
            for index in 0..<count {
                try draw(index, width: 20)
                try label(index, "1 0.5 0.5 0.25 0.5\n")
            }
        }

        deinit { try? FileManager.default.removeItem(at: root) }

        func draw(_ index: Int, width: Int) throws {
            let image = Image(width: width, height: 16, filledWith: Color(gray: UInt8(index)))
            try ImageFile.write(image, to: path("images/\(index).png"))
            try age("images/\(index).png")
        }

        func label(_ index: Int, _ text: String, seconds: Double = 60) throws {
            try text.write(toFile: path("labels/\(index).txt"), atomically: true, encoding: .utf8)
            try age("labels/\(index).txt", seconds)
        }

        func age(_ name: String, _ seconds: Double = 60) throws {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: path(name))
        }

        func path(_ name: String) -> String { root.appendingPathComponent(name).path }

        var caches: [String] {
            get throws {
                try FileManager.default.contentsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".labelcache") }.sorted()
            }
        }

        /// Reads the set; `scanned` counts the images that were looked at.
        func read(
            _ options: LabelOptions = LabelOptions(), sources: [String]? = nil, of other: DatasetDescription? = nil
        ) throws -> (set: LabeledImageSet, scanned: Int) {
            let scanned = Counter()
            let set = try LabeledImageSet(
                sources ?? description.train, of: other ?? description, name: "train", requiresLabels: true, options: options
            ) { scanned.value = $0.total }
            return (set, scanned.value)
        }

        private final class Counter { var value = 0 }
    }

    private func rows(_ set: LabeledImageSet) -> [[Float]] { set.images.flatMap { $0.objects.map(\.row) } }

    @Test("a cache that says what no scan says is none, even with the right hash", arguments: ["class", "time"])
    func forged(part: String) throws {
        let workshop = try Workshop()
        let rows = rows(try workshop.read().set)
        let file = workshop.path(try #require(workshop.caches.first))
        var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file))).dropLast(8)
        if part == "time" {
            bytes.replaceSubrange(16..<24, with: [0, 0, 0, 0, 0, 0, 0, 0x80])
        } else {
            // The six classes, all 1, behind their count.
            let classes: [UInt8] = [6, 0, 0, 0, 0, 0, 0, 0] + (0..<6).flatMap { _ in [1, 0, 0, 0] as [UInt8] }
            let place = try #require(bytes.firstRange(of: classes))
            bytes[place.lowerBound + 8] = 77
        }
        var writer = SectionWriter()
        for word in stride(from: 0, to: bytes.count, by: 8) {
            writer.add(word: bytes[word..<word + 8].enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) })
        }
        try Data(writer.finished()).write(to: URL(fileURLWithPath: file))
        let again = try workshop.read()
        #expect(again.scanned == 6)
        #expect(self.rows(again.set) == rows)
        #expect(again.set.labelCountByClass == [0, 6, 0])
    }

    @Test("an image that cannot be decoded is not looked at again until it changes")
    func undecodable() throws {
        let workshop = try Workshop()
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: workshop.path("images/9.png")))
        try workshop.age("images/9.png")
        #expect(try workshop.read().scanned == 7)
        let again = try workshop.read()
        #expect(again.scanned == 0)
        #expect(again.set.report.problems.map(\.kind) == [.imageUndecodable])
        try workshop.draw(9, width: 20)
        #expect(try workshop.read().scanned == 1)
    }

    @Test("what has not changed is not read again, and gives the same")
    func unchanged() throws {
        let workshop = try Workshop()
        try workshop.label(2, "0 0.1 0.1 0.5 0.1 0.5 0.6\n2 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n")
        try workshop.label(3, "")
        try FileManager.default.removeItem(atPath: workshop.path("labels/4.txt"))
        let first = try workshop.read()
        #expect(first.scanned == 6)
        let second = try workshop.read()
        #expect(second.scanned == 0)
        #expect(Array(second.set.images) == Array(first.set.images))
        #expect(second.set.report == first.set.report && first.set.report.problems.count == 1)
        #expect(second.set.summary == first.set.summary)
        #expect(try workshop.caches.count == 1)
    }

    @Test("an edit is noticed, also one that keeps the size")
    func edits() throws {
        let workshop = try Workshop()
        _ = try workshop.read()
        try workshop.label(3, "2 0.5 0.5 0.25 0.5\n", seconds: 50)
        let edited = try workshop.read()
        #expect(edited.scanned == 1)
        #expect(edited.set.labelCountByClass == [0, 5, 1])
        try workshop.label(5, "1 0.5 0.5 0.25 0.5\n0 0.5 0.5 0.5 0.5\n", seconds: 50)
        #expect(try workshop.read().set.labelCount == 7)
        try workshop.draw(0, width: 30)
        #expect(try workshop.read().set.images.size(0).width == 30)
        #expect(try workshop.read().scanned == 0)
    }

    @Test("an edit within the clock's tick of the scan is noticed")
    func quickEdits() throws {
        let workshop = try Workshop()
        let now = Date()
        func setTime() throws {
            try FileManager.default.setAttributes([.modificationDate: now], ofItemAtPath: workshop.path("labels/1.txt"))
        }
        try setTime()
        _ = try workshop.read()
        try workshop.label(1, "0 0.5 0.5 0.25 0.5\n")
        try setTime()
        #expect(try workshop.read().set.labelCountByClass == [1, 5, 0])
    }

    @Test("a file that was only touched is not read anew: its content decides")
    func touched() throws {
        let workshop = try Workshop()
        _ = try workshop.read()
        try workshop.age("labels/2.txt", 30)
        #expect(try workshop.read().scanned == 0)
    }

    @Test("files that come and go are noticed")
    func comings() throws {
        let workshop = try Workshop()
        _ = try workshop.read()
        try workshop.draw(7, width: 20)
        try workshop.label(7, "0 0.5 0.5 0.5 0.5\n")
        let added = try workshop.read()
        #expect((added.set.imageCount, added.set.labelCount, added.scanned) == (7, 7, 1))
        try FileManager.default.removeItem(atPath: workshop.path("images/0.png"))
        let removed = try workshop.read()
        #expect((removed.set.imageCount, removed.set.labelCount, removed.scanned) == (6, 6, 0))
        try FileManager.default.removeItem(atPath: workshop.path("labels/1.txt"))
        #expect(try workshop.read().set.missingCount == 1)
        try workshop.label(1, "0 0.5 0.5 0.5 0.5\n")
        #expect(try workshop.read().set.missingCount == 0)
    }

    @Test("other classes, another policy and --verify-cache read everything")
    func keys() throws {
        let workshop = try Workshop()
        _ = try workshop.read()
        var other = workshop.description
        other.names = ["cat", "dog"]
        #expect(try workshop.read(of: other).scanned == 6)
        #expect(try workshop.read().scanned == 6)
        var options = LabelOptions()
        options.policy = .reference
        #expect(try workshop.read(options).scanned == 6)
        options.verifiesCache = true
        #expect(try workshop.read(options).scanned == 6)
        options.verifiesCache = false
        #expect(try workshop.read(options).scanned == 0)
    }

    @Test("splits that share a folder of labels have caches of their own")
    func sharedFolder() throws {
        let workshop = try Workshop()
        for (name, range) in [("a", 0..<3), ("b", 3..<6)] {
            let lines = range.map { "./images/\($0).png\n" }.joined()
            try lines.write(toFile: workshop.path(name + ".txt"), atomically: true, encoding: .utf8)
        }
        for _ in 0..<2 {
            _ = try workshop.read(sources: [workshop.path("a.txt")])
            _ = try workshop.read(sources: [workshop.path("b.txt")])
        }
        #expect(try workshop.read(sources: [workshop.path("a.txt")]).scanned == 0)
        #expect(try workshop.read(sources: [workshop.path("b.txt")]).scanned == 0)
        #expect(try workshop.caches.count == 2)
    }

    @Test("a cache that is damaged in any byte, cut short, or swollen is as good as none")
    func damage() throws {
        let workshop = try Workshop(count: 2)
        try workshop.label(1, "0 0.1 0.1 0.5 0.1 0.5 0.6\n7 0.5 0.5 0.2 0.2\n")
        let expected = Array(try workshop.read().set.images)
        let file = workshop.path(try #require(try workshop.caches.first))
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        var damaged = (0..<whole.count).map { position in
            var bytes = whole
            bytes[position] ^= 0x41
            return bytes
        }
        damaged += [0, 7, 8, 100, whole.count - 1].map { whole.prefix($0) } + [whole + Data([0])]
        for bytes in damaged {
            try bytes.write(to: URL(fileURLWithPath: file))
            let again = try workshop.read()
            #expect(again.scanned == 2 && Array(again.set.images) == expected)
        }
        #expect(try workshop.read().scanned == 0)
    }

    @Test("a forged cache with the right hash cannot make the program read beyond its arrays")
    func forgery() throws {
        let workshop = try Workshop(count: 2)
        _ = try workshop.read()
        let file = workshop.path(try #require(try workshop.caches.first))
        let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
        for position in stride(from: 24, to: whole.count - 8, by: 4) {
            for word: [UInt8] in [[255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 128], [1, 1, 0, 0]] {
                var forged = whole
                forged.replaceSubrange(position..<position + 4, with: word)
                let hash = ContentHash(Array(forged.dropLast(8))).value
                forged.replaceSubrange((forged.count - 8)..., with: withUnsafeBytes(of: hash) { Array($0) })
                try Data(forged).write(to: URL(fileURLWithPath: file))
                // Whatever it says, nothing traps; the images may be those of the forger.
                _ = try? workshop.read().set.images.map(\.objects.count)
            }
        }
    }

    @Test("where the data may not be written to, the cache lies in the user's folder, or nowhere")
    func readOnly() throws {
        let workshop = try Workshop()
        chmod(workshop.root.path, 0o555)
        defer { chmod(workshop.root.path, 0o755) }
        let places = LabelCache.places(for: workshop.description.train, firstLabel: workshop.path("labels/0.txt"))
        #expect(places.count == 1 && places[0].hasPrefix(CacheFolder.user + "/labels/labels-"))
        defer { try? FileManager.default.removeItem(atPath: places[0]) }
        #expect(try workshop.read().set.imageCount == 6)
        #expect(try workshop.caches == [])
    }
}
