import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

@Suite("Memory for cached images")
struct CacheBudgetTests {
    @Test("a budget is a size or a share", arguments: [
        ("8GB", CacheBudget.bytes(8_000_000_000)), ("512MB", .bytes(512_000_000)), ("1.5 gb", .bytes(1_500_000_000)),
        ("2GiB", .bytes(2 << 30)), ("50%", .share(0.5)), ("4", .bytes(4_000_000_000)), ("0", .bytes(0)), ("100000 b", .bytes(100_000)),
    ])
    func parsed(text: String, budget: CacheBudget) { #expect(CacheBudget(text) == budget) }

    @Test("what is no budget is refused", arguments: ["", "GB", "-1GB", "8XB", "120%", "1e400GB", "nan", "99999999999TB", "8 GB please"])
    func refused(text: String) { #expect(CacheBudget(text) == nil) }

    @Test("no budget takes all of the memory")
    func limits() {
        let available = 10_000_000_000
        #expect(CacheBudget("4GB")?.bytes(available: available) == 4_000_000_000)
        #expect(CacheBudget("40GB")?.bytes(available: available) == 9_000_000_000)
        #expect(CacheBudget("50%")?.bytes(available: available) == 5_000_000_000)
        #expect(CacheBudget("100%")?.bytes(available: available) == 9_000_000_000)
        #expect(CacheBudget("4GB")?.bytes(available: 200_000_000) == 0)
        #expect(CacheBudget.automatic.bytes(available: available) == 5_000_000_000)
        #expect(CacheBudget.bytes(10).reduced(by: 3) == .bytes(7))
        #expect(CacheBudget.bytes(10).reduced(by: 30) == .bytes(0))
    }

    @Test("the smaller of what the machine and what the container has left is available")
    func available() throws {
        let meminfo = "MemTotal:  100 kB\nMemAvailable:  4000 kB\n"
        func memory<Value>(_ files: [String: String], _ value: (AvailableMemory) -> Value) throws -> Value {
            let root = try Fixtures.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: root) }
            for (path, text) in files {
                let file = root.appendingPathComponent(path)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
            return value(AvailableMemory(root: root.path))
        }
        func bytes(_ files: [String: String]) throws -> Int { try memory(files, \.bytes) }
        #expect(try bytes(["proc/meminfo": meminfo]) == 4_096_000)
        #expect(try bytes([:]) == 0)
        // Version 2: no limit of its own, but one around it.
        let version2 = [
            "proc/meminfo": meminfo, "proc/self/cgroup": "0::/jobs/train\n", "sys/fs/cgroup/jobs/train/memory.max": "max\n",
            "sys/fs/cgroup/jobs/train/memory.current": "500000\n", "sys/fs/cgroup/jobs/memory.max": "3000000\n",
            "sys/fs/cgroup/jobs/memory.current": "1000000\n", "sys/fs/cgroup/jobs/memory.stat": "anon 1\ninactive_file 400000\n",
        ]
        #expect(try bytes(version2) == 2_400_000)
        // Inside of a container the path is that outside of it.
        let inside = [
            "proc/meminfo": meminfo, "proc/self/cgroup": "0::/docker/abc\n", "sys/fs/cgroup/memory.max": "2000000",
            "sys/fs/cgroup/memory.current": "500000",
        ]
        #expect(try bytes(inside) == 1_500_000)
        let version1 = [
            "proc/meminfo": meminfo, "proc/self/cgroup": "5:cpu,cpuacct:/\n4:memory:/docker/abc\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "1000000", "sys/fs/cgroup/memory/memory.usage_in_bytes": "300000",
            "sys/fs/cgroup/memory/memory.stat": "total_inactive_file 100000\n",
        ]
        #expect(try bytes(version1) == 800_000)
        // The machine has 102,400 bytes here; a larger limit is none.
        #expect(try memory(version2, \.machineTotal) == 102_400)
        #expect(try memory(version2, \.limit) == nil)
        let small = version1.merging(["sys/fs/cgroup/memory/memory.limit_in_bytes": "100000"]) { $1 }
        #expect(try memory(small, \.limit) == 100_000)
    }

    @Test("everything as pixels if it fits, else every file before any pixels")
    func plans() {
        let sizes: [(pixels: Int, file: Int?)] = [(6400, 640), (6400, 640), (6400, 640), (640, 6400), (6400, nil)]
        func forms(_ budget: Int) -> [MemoryPlan.Form] { MemoryPlan(sizes, budget: budget).places.map(\.form) }
        #expect(forms(100_000) == [.pixels, .pixels, .pixels, .pixels, .onDisk])
        #expect(forms(19_840) == [.pixels, .pixels, .pixels, .pixels, .onDisk])
        #expect(forms(19_839) == [.pixels, .pixels, .file, .pixels, .onDisk])
        #expect(forms(2560) == [.file, .file, .file, .pixels, .onDisk])
        #expect(forms(1300) == [.file, .file, .onDisk, .onDisk, .onDisk])
        #expect(forms(0) == [.onDisk, .onDisk, .onDisk, .onDisk, .onDisk])
        for budget in stride(from: 0, to: 25_000, by: 97) {
            let plan = MemoryPlan(sizes, budget: budget)
            #expect(plan.byteCount <= budget)
            let ranges = plan.places.filter { $0.form != .onDisk }.map { $0.start..<$0.start + $0.count }
            #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound && $1.lowerBound % 64 == 0 })
        }
    }
}
