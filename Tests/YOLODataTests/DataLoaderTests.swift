import Foundation
import GoldenFixtures
import Imaging
import Synchronization
import Testing
@testable import YOLOData

/// Pictures of 4 by 2 pixels that hold their index and epoch; no file is read.
private struct CountingSource: SampleSource {
    var imageCount = 10
    var batchSize = 4
    var width = 4
    var failing: Set<Int> = []
    /// What the pictures of these numbers warn of.
    var warnings: [Int: String] = [:]

    var batchCount: Int { (imageCount + batchSize - 1) / batchSize }

    func batches(epoch: Int) -> [BatchPlan] {
        stride(from: 0, to: imageCount, by: batchSize).map { start in
            BatchPlan(indices: Array(start..<min(start + batchSize, imageCount)), width: width, height: 2)
        }
    }

    func draw(_ sample: SampleKey, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        let index = sample.index
        // Early pictures take longer, so that workers overtake one another.
        if index % 3 == 0 { Thread.sleep(forTimeInterval: 0.002) }
        if failing.contains(index) { throw .changedImage(path: "\(index).jpg") }
        view.fill(Color(red: UInt8(index), green: UInt8(epoch), blue: 0))
        return Sample(
            source: BatchImage(path: "\(index).jpg", mapping: nil), labels: [], warnings: warnings[index].map { [$0] } ?? [])
    }
}

@Suite("Data loader", .timeLimit(.minutes(1)))
struct DataLoaderTests {
    private func allBatches(_ loader: DataLoader, epoch: Int) throws -> [Batch] {
        var batches = loader.batches(epoch: epoch)
        var all: [Batch] = []
        while let batch = try batches.next() { all.append(batch) }
        return all
    }

    private func bytes(_ batch: Batch) -> [UInt8] { batch.withPixels { Array($0) } }

    @Test("batches come in order, each picture in its place, the last batch short", arguments: [1, 2, 7])
    func order(workers: Int) throws {
        let loader = try DataLoader(CountingSource(), workers: workers, epochs: 3)
        for epoch in 0..<3 {
            let batches = try allBatches(loader, epoch: epoch)
            #expect(batches.map(\.index) == [0, 1, 2])
            #expect(batches.map(\.count) == [4, 4, 2])
            #expect(batches.flatMap(\.images).map(\.path) == (0..<10).map { "\($0).jpg" })
            let pixels = batches.flatMap(bytes)
            let expected = (0..<80).flatMap { [UInt8($0 / 8), UInt8(epoch), 0] as [UInt8] }
            #expect(pixels == expected)
        }
    }

    @Test("buffers are used again once a batch is released, never before")
    func buffers() throws {
        let loader = try DataLoader(CountingSource(imageCount: 40, batchSize: 4), workers: 2)
        var held: [Batch] = []
        var addresses = Set<UnsafeRawPointer?>()
        var batches = loader.batches(epoch: 0)
        while let batch = try batches.next() {
            addresses.insert(batch.withPixels(\.baseAddress))
            if held.count < 3 { held.append(batch) }
        }
        // Three held, one in use, and a ring of two.
        #expect(addresses.count <= 6)
        #expect(held.map { bytes($0)[0] } == [0, 4, 8])
    }

    @Test("pixels start on a page")
    func alignment() throws {
        let batch = try #require(try allBatches(try DataLoader(CountingSource(), workers: 1), epoch: 0).first)
        #expect(batch.withPixels { UInt(bitPattern: $0.baseAddress) % 4096 } == 0)
        #expect(batch.withPixels(\.count) == batch.byteCount)
    }

    @Test("an error comes out where its batch would, with the file's name; the loader goes on")
    func errors() throws {
        let loader = try DataLoader(CountingSource(failing: [5, 7]), workers: 3, epochs: 2)
        var batches = loader.batches(epoch: 0)
        #expect(try batches.next()?.index == 0)
        let error = #expect(throws: DataError.self) { try batches.next() }
        #expect(error == .changedImage(path: "5.jpg"))
        #expect(try batches.next()?.index == 2)
        #expect(try batches.next() == nil)
    }

    @Test("an epoch may be left in the middle for another one")
    func abandonedEpoch() throws {
        let loader = try DataLoader(CountingSource(imageCount: 40), workers: 3, epochs: 9)
        for epoch in [0, 4, 2] {
            var batches = loader.batches(epoch: epoch)
            let batch = try #require(try batches.next())
            #expect(bytes(batch)[..<3] == [0, UInt8(epoch), 0])
        }
    }

    @Test("an epoch ends when another one is begun, also while its batches are still asked for")
    func staleEpoch() throws {
        let loader = try DataLoader(CountingSource(), workers: 2, epochs: 2)
        var first = loader.batches(epoch: 0)
        var copy = first
        #expect(try first.next()?.index == 0)
        #expect(try copy.next() == nil, "a batch is given once")
        var second = loader.batches(epoch: 1)
        #expect(try first.next() == nil)
        for index in 0..<3 {
            let batch = try #require(try second.next())
            #expect((batch.epoch, batch.index) == (1, index))
            #expect(try first.next() == nil)
        }
        #expect(try second.next() == nil)
    }

    @Test("a warning is given once, with the first batch that it concerns", arguments: [1, 4])
    func warnings(workers: Int) throws {
        let source = CountingSource(warnings: [5: "5.jpg is damaged", 6: "5.jpg is damaged", 9: "9.jpg is damaged"])
        let loader = try DataLoader(source, workers: workers, epochs: 2)
        #expect(try allBatches(loader, epoch: 0).map(\.warnings) == [[], ["5.jpg is damaged"], ["9.jpg is damaged"]])
        #expect(try allBatches(loader, epoch: 1).map(\.warnings) == [[], [], []])
    }

    @Test("a batch that memory cannot hold is an error that says what to do")
    func tooMuch() {
        let error = #expect(throws: DataError.self) { try DataLoader(CountingSource(width: 1 << 50), workers: 1) }
        #expect(error == .outOfMemory(images: 4, width: 1 << 50, height: 2))
        #expect(DataError.outOfMemory(images: 16, width: 65536, height: 65536).description
            == "a batch of 16 images of 65536 by 65536 pixels needs 206.2 GB of memory, more than there is; "
            + "give a smaller --batch-size or --img")
    }

    @Test("a loader that is released in the middle of an epoch ends its threads")
    func abandonedLoader() throws {
        for _ in 0..<20 {
            var batches = try DataLoader(CountingSource(imageCount: 100), workers: 4, epochs: 2).batches(epoch: 0)
            _ = try batches.next()
        }
    }

    @Test("a batch outlives its loader")
    func survivingBatch() throws {
        var loader: DataLoader? = try DataLoader(CountingSource(), workers: 2)
        let batch = try #require(try loader.map { try allBatches($0, epoch: 0) }?.last)
        loader = nil
        #expect(bytes(batch).count == 48)
        #expect(bytes(batch)[0] == 8)
    }

    @Test("the loader does not write to a batch that is still read after its release")
    func readingAfterRelease() throws {
        let loader = try DataLoader(CountingSource(imageCount: 40), workers: 2)
        var batches = loader.batches(epoch: 0)
        let seen = Mutex<[[UInt8]]>([])
        while let batch = try batches.next() {
            let pixels = bytes(batch)
            let address = batch.withPixels { UInt(bitPattern: $0.baseAddress) }
            batch.keepPixels {
                // The workers have had time to fill whatever is free.
                Thread.sleep(forTimeInterval: 0.01)
                guard let base = UnsafeRawPointer(bitPattern: address) else { return }
                let still = [UInt8](UnsafeRawBufferPointer(start: base, count: pixels.count))
                seen.withLock { $0.append(still == pixels ? pixels : []) }
            }
        }
        #expect(seen.withLock { $0.count } == 10)
        #expect(seen.withLock { !$0.contains([]) })
    }

    @Test("blocks come from the memory that is given and go back to it")
    func memory() throws {
        let balance = Mutex((taken: 0, returned: 0))
        let counting = BatchMemory { byteCount in
            balance.withLock { $0.taken += 1 }
            guard let block = BatchMemory.pages.block(byteCount) else { return nil }
            let release = block.release
            return BatchMemory.Block(bytes: block.bytes) {
                release()
                balance.withLock { $0.returned += 1 }
            }
        }
        do {
            let loader = try DataLoader(CountingSource(imageCount: 40), workers: 2, memory: counting)
            #expect(try allBatches(loader, epoch: 0).count == 10)
        }
        #expect(balance.withLock { $0.taken } > 0)
        // The threads that are ending may hold it a moment longer.
        for _ in 0..<500 where balance.withLock({ $0.taken != $0.returned }) { Thread.sleep(forTimeInterval: 0.01) }
        #expect(balance.withLock { $0.taken == $0.returned })
        let none = BatchMemory { _ in nil }
        #expect(throws: DataError.outOfMemory(images: 4, width: 4, height: 2)) {
            try DataLoader(CountingSource(), workers: 1, memory: none)
        }
    }
}
