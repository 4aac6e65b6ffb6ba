import Foundation
import GoldenFixtures
import Imaging
import Synchronization
import Testing
@testable import YOLOData

@Suite("Image caches")
struct ImageCacheTests {
    /// Eight images of several sizes and formats, one of them damaged, in a folder of its own.
    private func withImages(_ body: (LabeledImageSet, URL) throws -> Void) throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = root.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let sizes = [(64, 48), (48, 64), (100, 75), (160, 90), (300, 200), (64, 64), (30, 40), (600, 400)]
        for (index, size) in sizes.enumerated() {
            let image = Self.picture(width: size.0, height: size.1, seed: index)
            let path = folder.appendingPathComponent("\(index).\(index == 5 ? "png" : "jpg")").path
            try ImageFile.write(image, to: path)
        }
        let description = DatasetDescription(file: "set.yaml", train: [folder.path], validation: [], names: ["thing"])
        let set = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: false)
        #expect(set.imageCount == 8)
        // Damaged after it was looked at.
        try Data("no picture any more".utf8).write(to: folder.appendingPathComponent("6.jpg"))
        try body(set, root)
    }

    private static func picture(width: Int, height: Int, seed: Int) -> Image {
        var image = Image(width: width, height: height)
        image.withMutableView { view in
            for y in 0..<height {
                for x in 0..<width {
                    view[x, y] = Color(
                        red: UInt8((x * 3 + seed * 40) & 255), green: UInt8((y * 5 + x * y / 7) & 255), blue: UInt8((x + y * 2) & 255))
                }
            }
        }
        return image
    }

    private func settings(_ root: URL) -> [(name: String, ImageCacheSettings)] {
        var disk = ImageCacheSettings.disk
        disk.location = .folder(root.appendingPathComponent("cache").path)
        var beside = ImageCacheSettings.disk
        beside.location = .besideImages
        let budgets = [1_000_000_000, 60_000, 45_000, 20_000, 0].map { bytes in
            var ram = ImageCacheSettings.ram
            ram.budget = .bytes(bytes)
            return ("ram \(bytes)", ram)
        }
        return budgets + [("disk", disk), ("disk again", disk), ("beside", beside)]
    }

    @Test("images and their parts are the same bytes from every cache", arguments: [true, false])
    func sameBytes(augments: Bool) throws {
        try withImages { set, root in
            let plain = try ImageStore(set, imageSize: 64, augments: augments)
            for (name, cache) in settings(root) {
                let store = try ImageStore(set, imageSize: 64, augments: augments, cache: cache)
                for index in 0..<store.count {
                    let (image, damage) = try plain.load(index)
                    let size = store.size(index)
                    #expect((image.width, image.height) == size)
                    let cached = try store.load(index)
                    #expect(cached.image == image, "\(name), image \(index)")
                    #expect(cached.damage == damage)
                    #expect((damage != nil) == (index == 6))
                    let part = PixelRect(x0: size.width / 3, y0: size.height / 4, x1: size.width - 5, y1: size.height - 1)
                    for source in [plain, store] {
                        let found = try source.load(index, part: part)
                        #expect(found.place.contains(part))
                        #expect(found.image.cut(to: part.moved(x: -found.place.x0, y: -found.place.y0)) == image.cut(to: part))
                    }
                }
            }
        }
    }

    @Test("whole samples are the same bytes from every cache")
    func sameSamples() throws {
        try withImages { set, root in
            var options = AugmentationOptions()
            (options.mixup, options.mosaic, options.degrees, options.perspective) = (0.4, 0.8, 10, 0.0005)
            func samples(_ cache: ImageCacheSettings) throws -> [Image] {
                var data = TrainingDataOptions()
                (data.imageSize, data.batchSize, data.augmentation, data.seed, data.cache) = (64, 4, options, 3, cache)
                let dataset = try TrainingDataset(set, data)
                return try (0..<48).map { number in
                    try Image(width: 64, height: 64) { view in _ = try dataset.draw(number % 8, epoch: number / 8, on: view) }
                }
            }
            let plain = try samples(.none)
            #expect(Set(plain).count == plain.count)
            for (name, cache) in settings(root) { #expect(try samples(cache) == plain, "\(name)") }
        }
    }

    @Test("one line says what the memory holds, and every image is counted")
    func report() throws {
        try withImages { set, _ in
            var cache = ImageCacheSettings.ram
            cache.budget = .bytes(1_000_000)
            let counts = Mutex<[Int]>([])
            let store = try ImageStore(set, imageSize: 64, augments: true, cache: cache) { done, total in
                #expect(total == 8)
                counts.withLock { $0.append(done) }
            }
            #expect(store.cacheReport?.summary == "63 KB of 1 MB: 7 images decoded, 1 left on disk")
            #expect(counts.withLock { $0.sorted() } == Array(1...8))
            #expect(try #require(store.cacheReport).memoryBytes > 7 * 64 * 36 * 3)
        }
        #expect(readable(1_234_000_000) == "1.2 GB" && readable(120_000_000) == "120 MB" && readable(4_300) == "4 KB")
        #expect(grouped(3100) == "3,100" && grouped(900) == "900" && grouped(1_234_567) == "1,234,567")
    }

    @Test("a missing file ends the filling with its name", arguments: [ImageCacheSettings.ram, .disk])
    func missing(cache: ImageCacheSettings) throws {
        try withImages { set, root in
            var cache = cache
            cache.location = .folder(root.appendingPathComponent("cache").path)
            let path = set.images[2].path
            try FileManager.default.removeItem(atPath: path)
            // A file that cannot even be looked at is left out of the plan, and missed when it is needed.
            let store = try ImageStore(set, imageSize: 64, augments: true, cache: cache)
            let missing = DataError.image(.unreadable(path: path, reason: "No such file or directory"))
            #expect(throws: missing) { try store.load(2) }
        }
    }

    // MARK: Disk

    private func cachedFiles(_ root: URL) throws -> [String: Date] {
        let folder = root.appendingPathComponent("cache").path
        var files: [String: Date] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) where name.hasSuffix(".rgb") {
            files[name] = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.modificationDate] as? Date
        }
        return files
    }

    private func diskSettings(_ root: URL) -> ImageCacheSettings {
        var settings = ImageCacheSettings.disk
        settings.location = .folder(root.appendingPathComponent("cache").path)
        return settings
    }

    @Test("files are made once, again when damaged, and anew for a changed image or another size")
    func diskFiles() throws {
        try withImages { set, root in
            let cache = diskSettings(root)
            func open(_ size: Int = 64) throws -> ImageStore { try ImageStore(set, imageSize: size, augments: true, cache: cache) }
            let expected = try open().load(3).image
            let first = try cachedFiles(root)
            #expect(first.count == 7)
            _ = try open()
            #expect(try cachedFiles(root) == first)

            // One cut off, one with another header, one emptied.
            let names = first.keys.sorted().map { root.appendingPathComponent("cache/\($0)") }
            for (file, bytes) in zip(names, [Data(count: 100), try Data(contentsOf: names[1]).withFirstByteChanged, Data()]) {
                try bytes.write(to: file)
            }
            let store = try open()
            #expect(try store.load(3).image == expected)
            #expect(try cachedFiles(root).keys.sorted() == first.keys.sorted())
            for file in names { #expect(try Data(contentsOf: file).count > 64 * 36 * 3) }

            // What is damaged while it is in use is read from the image.
            for file in names { try Data(count: 100).write(to: file) }
            #expect(try store.load(3).image == expected)
            _ = try open()

            let changed = set.images[3].path
            let time = Date(timeIntervalSinceNow: -1000)
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: changed)
            _ = try open()
            #expect(try cachedFiles(root).count == 8)
            _ = try open(32)
            #expect(try cachedFiles(root).count == 15)
        }
    }

    @Test("where nothing can be written the images are used as they are, with one warning")
    func unwritable() throws {
        try withImages { set, root in
            let reader = ImageReader(imageSize: 64, isForTraining: true)
            let full = try DiskCache.filled(
                from: reader, set.images.sources, settings: diskSettings(root), progress: nil, freeBytes: { _ in 50_000 })
            #expect(full.report.warning?.hasPrefix("8 images are not cached: they need 73 KB in ") == true, "\(full.report)")
            #expect(full.report.summary.hasSuffix(": 0 images decoded, 8 not cached"))
            #expect(try cachedFiles(root).isEmpty)
            try FileManager.default.removeItem(at: root.appendingPathComponent("cache"))

            // The places of all folders in it are taken: every write fails, as on a full disk.
            let folder = root.appendingPathComponent("cache")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for prefix in 0..<256 {
                try Data().write(to: folder.appendingPathComponent(String(prefix + 256, radix: 16).suffix(2).lowercased()))
            }
            let other = try ImageStore(set, imageSize: 64, augments: true, cache: diskSettings(root))
            let failure = try #require(other.cacheReport?.warning)
            #expect(failure.hasPrefix("some images are not cached: ") && failure.contains("cannot be written"))
            #expect(try other.load(0).image == ImageStore(set, imageSize: 64, augments: true).load(0).image)
        }
    }

    // MARK: Shared memory

    @Test("two processes of a run share one copy, whose name is gone once both have it")
    func shared() throws {
        try withImages { set, root in
            var cache = ImageCacheSettings.ram
            cache.location = .folder(root.appendingPathComponent("cache").path)
            cache.sharing = CacheSharing(runID: root.path, processCount: 2)
            let names = { try FileManager.default.contentsOfDirectory(atPath: "/dev/shm").filter { $0.hasPrefix("yolov5-swift-") } }
            let before = Set(try names())
            let first = try ImageStore(set, imageSize: 64, augments: true, cache: cache)
            let second = try ImageStore(set, imageSize: 64, augments: true, cache: cache)
            #expect(first.cacheReport?.summary.contains(" of another process: ") == false)
            #expect(second.cacheReport?.summary.contains(" of another process: 7 images decoded, 1 left on disk") == true)
            #expect(second.cacheReport?.memoryBytes == 0)
            #expect(Set(try names()).subtracting(before).isEmpty)
            let plain = try ImageStore(set, imageSize: 64, augments: true)
            for index in 0..<8 {
                let image = try plain.load(index).image
                #expect(try first.load(index).image == image && second.load(index).image == image)
            }
            // Another size is another copy.
            let third = try ImageStore(set, imageSize: 32, augments: true, cache: cache)
            #expect(third.cacheReport?.summary.contains("another process") == false)
            let fourth = try ImageStore(set, imageSize: 32, augments: true, cache: cache)
            #expect(fourth.cacheReport?.summary.contains("another process") == true)
        }
    }

    @Test("shared memory that its process left unfinished is filled again, in a file where memory has no room")
    func unfinished() throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let plan = MemoryPlan([(pixels: 3000, file: 1000)], budget: 10_000)
        var key = ImageFingerprint(imageSize: 64, isForTraining: true)
        key.add("some images")
        func shared(_ folder: String) -> SharedMemory {
            SharedMemory(
                sharing: CacheSharing(runID: "run", processCount: 3), fingerprint: key.finished,
                location: .folder(root.appendingPathComponent("cache").path), memoryFolder: root.appendingPathComponent(folder).path)
        }
        for folder in ["memory", "no such folder"] {
            if folder == "memory" {
                try FileManager.default.createDirectory(at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
            }
            // The first fails in the middle.
            let failure = DataError.changedImage(path: "a.jpg")
            #expect(throws: failure) {
                try shared(folder).filledOnce(plan: plan) { _, memory throws(DataError) in
                    memory[0] = 1
                    throw failure
                }
            }
            let first = try #require(try shared(folder).filledOnce(plan: plan) { plan, memory throws(DataError) in
                for index in memory.indices.prefix(3000) { memory[index] = UInt8(index % 251) }
                return plan
            })
            #expect(first.isOwn)
            let second = try #require(try shared(folder).filledOnce(plan: plan) { _, _ throws(DataError) in throw failure })
            #expect(!second.isOwn && second.plan.places == plan.places)
            let start = SharedMemoryHeader.byteCount(plan)
            #expect(second.memory.bytes[start..<start + 3000].elementsEqual((0..<3000).map { UInt8($0 % 251) }))
            _ = try shared(folder).filledOnce(plan: plan) { _, _ throws(DataError) in throw failure }
        }
    }
}

extension Data {
    fileprivate var withFirstByteChanged: Data {
        var copy = self
        copy[startIndex] ^= 1
        return copy
    }
}
