import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

@Suite("Names of shared memory")
struct SharedMemoryTests {
    private static let plan = MemoryPlan([(pixels: 3000, file: 1000)], budget: 10_000)

    /// Memory of two processes, whose name lies in a folder of the test.
    private static func shared(_ folder: String, run: String = "run") -> SharedMemory {
        var key = ImageFingerprint(imageSize: 64, isForTraining: true)
        key.add("some images")
        return SharedMemory(
            sharing: CacheSharing(runID: run, processCount: 2), fingerprint: key.finished, location: .folder(folder + "/cache"),
            memoryFolder: folder + "/memory")
    }

    private static func fill(_ shared: SharedMemory) throws -> SharedMemory.Filled? {
        try shared.filledOnce(plan: plan) { plan, _ throws(DataError) in plan }
    }

    private static func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/memory").sorted()
    }

    private func expect(_ count: Int, in folder: String, _ location: SourceLocation = #_sourceLocation) throws {
        let names = try Self.names(folder)
        #expect(names.count == count, "\(names)", sourceLocation: location)
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(atPath: folder.path + "/memory", withIntermediateDirectories: true)
        try await body(folder.path)
    }

    @Test("what no other process has come for goes with the cache that was filled, and no lock stays")
    func release() async throws {
        try await withFolder { folder in
            var filled = try Self.fill(Self.shared(folder))
            #expect(filled?.isOwn == true)
            try expect(1, in: folder)
            filled = nil
            try expect(0, in: folder)
        }
    }

    @Test("no lock stays where filling fails, or nothing is to be filled")
    func locks() async throws {
        try await withFolder { folder in
            let failure = DataError.changedImage(path: "a.jpg")
            #expect(throws: failure) {
                try Self.shared(folder).filledOnce(plan: Self.plan) { _, _ throws(DataError) in throw failure }
            }
            let nothing = MemoryPlan([(pixels: 3000, file: 1000)], budget: 0)
            let filled = try Self.shared(folder).filledOnce(plan: nothing) { plan, _ throws(DataError) in plan }
            #expect(filled == nil)
            try expect(0, in: folder)
        }
    }

    @Test("a name that another process has taken over stays")
    func takenOver() async throws {
        try await withFolder { folder in
            var filled = try Self.fill(Self.shared(folder))
            let file = try folder + "/memory/" + #require(try Self.names(folder).first)
            try FileManager.default.removeItem(atPath: file)
            try Data("of another process".utf8).write(to: URL(fileURLWithPath: file))
            filled = nil
            #expect(filled == nil && FileManager.default.fileExists(atPath: file))
        }
    }

    @Test("the name goes when the process ends")
    func exits() async throws {
        try await withFolder { folder in
            await #expect(processExitsWith: .success) { [folder = folder as String] in
                let filled = try Self.fill(Self.shared(folder))
                guard filled?.isOwn == true, try Self.names(folder).count == 1 else { exit(3) }
                withExtendedLifetime(filled) { exit(0) }
            }
            try expect(0, in: folder)
        }
    }

    @Test("what a killed process has left is removed by the next one of any run, what a living one holds is not")
    func killed() async throws {
        try await withFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                let filled = try Self.fill(Self.shared(folder, run: "complete"))
                // Once filled, and once in the middle of filling.
                _ = try Self.shared(folder, run: "unfinished").filledOnce(plan: Self.plan) { _, _ throws(DataError) in
                    kill(getpid(), SIGKILL)
                    throw .changedImage(path: "")
                }
                withExtendedLifetime(filled) {}
            }
            try expect(3, in: folder)
            let first = try Self.fill(Self.shared(folder, run: "first"))
            try expect(1, in: folder)
            let second = try Self.fill(Self.shared(folder, run: "second"))
            try expect(2, in: folder)
            withExtendedLifetime((first, second)) {}
        }
    }
}

@Suite("Paths without a folder")
struct BarePathTests {
    @Test("an image in the current folder is cached beside it, whatever the length of its name", arguments: ["a", "a.jpg", "./a"])
    func besideImages(path: String) {
        let key = ImageFingerprint(imageSize: 64, isForTraining: true)
        #expect(CacheLocation.besideImages.path(ofImage: path, key) == "./.yolov5-cache/\(key.name).rgb")
    }
}
