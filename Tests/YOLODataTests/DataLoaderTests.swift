import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

/// Pictures of 4 by 2 pixels that hold their index and epoch; no file is read.
private struct CountingSource: SampleSource {
    var imageCount = 10
    var batchSize = 4
    var failing: Set<Int> = []

    var batchCount: Int { (imageCount + batchSize - 1) / batchSize }

    func batches(epoch: Int) -> [BatchPlan] {
        stride(from: 0, to: imageCount, by: batchSize).map { start in
            BatchPlan(indices: Array(start..<min(start + batchSize, imageCount)), width: 4, height: 2)
        }
    }

    func draw(_ index: Int, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        // Early pictures take longer, so that workers overtake one another.
        if index % 3 == 0 { Thread.sleep(forTimeInterval: 0.002) }
        if failing.contains(index) { throw .changedImage(path: "\(index).jpg") }
        view.fill(Color(red: UInt8(index), green: UInt8(epoch), blue: 0))
        return Sample(source: BatchImage(path: "\(index).jpg", mapping: nil), labels: [])
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
        let loader = DataLoader(CountingSource(), workers: workers, epochs: 3)
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
        let loader = DataLoader(CountingSource(imageCount: 40, batchSize: 4), workers: 2)
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
        let batch = try #require(try allBatches(DataLoader(CountingSource(), workers: 1), epoch: 0).first)
        #expect(batch.withPixels { UInt(bitPattern: $0.baseAddress) % 4096 } == 0)
        #expect(batch.withPixels(\.count) == batch.byteCount)
    }

    @Test("an error comes out where its batch would, with the file's name; the loader goes on")
    func errors() throws {
        let loader = DataLoader(CountingSource(failing: [5, 7]), workers: 3, epochs: 2)
        var batches = loader.batches(epoch: 0)
        #expect(try batches.next()?.index == 0)
        let error = #expect(throws: DataError.self) { try batches.next() }
        #expect(error == .changedImage(path: "5.jpg"))
        #expect(try batches.next()?.index == 2)
        #expect(try batches.next() == nil)
    }

    @Test("an epoch may be left in the middle for another one")
    func abandonedEpoch() throws {
        let loader = DataLoader(CountingSource(imageCount: 40), workers: 3, epochs: 9)
        for epoch in [0, 4, 2] {
            var batches = loader.batches(epoch: epoch)
            let batch = try #require(try batches.next())
            #expect(bytes(batch)[..<3] == [0, UInt8(epoch), 0])
        }
    }

    @Test("a loader that is released in the middle of an epoch ends its threads")
    func abandonedLoader() throws {
        for _ in 0..<20 {
            var batches = DataLoader(CountingSource(imageCount: 100), workers: 4, epochs: 2).batches(epoch: 0)
            _ = try batches.next()
        }
    }

    @Test("a batch outlives its loader")
    func survivingBatch() throws {
        var loader: DataLoader? = DataLoader(CountingSource(), workers: 2)
        let batch = try #require(try loader.map { try allBatches($0, epoch: 0) }?.last)
        loader = nil
        #expect(bytes(batch).count == 48)
        #expect(bytes(batch)[0] == 8)
    }
}
