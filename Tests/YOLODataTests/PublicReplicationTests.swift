// Without @testable: what any program can do.
import Detection
import Imaging
import Testing
import YOLOData

@Suite("Replication for other programs")
struct PublicReplicationTests {
    /// Red tells the column, green the row.
    private let picture = Image(width: 100, height: 80, pixels: (0..<8000).flatMap { [UInt8($0 % 100), UInt8($0 / 100), 9] })
    private let boxes = [
        Box(x1: 0, y1: 0, x2: 50, y2: 50), Box(x1: 10.7, y1: 20.2, x2: 22.9, y2: 31.1), Box(x1: .nan, y1: 0, x2: 5, y2: 5),
        Box(x1: 60, y1: 60, x2: 40, y2: 40),
    ]

    @Test("the smaller half is copied with its pixels, boxes that are none are not counted")
    func copies() throws {
        for seed in UInt64(0)..<20 {
            let (image, copies) = picture.replicatingObjects(in: boxes, seed: seed)
            let copy = try #require(copies.first)
            #expect(copies.count == 1 && copy.original == 1 && copy.box.width == 12 && copy.box.height == 11)
            let first = 3 * (Int(copy.box.y1) * 100 + Int(copy.box.x1))
            #expect(Array(image.pixels[first..<first + 3]) == [10, 20, 9])
        }
    }

    @Test("a seed gives the same places again, and another seed others")
    func seeds() {
        let all = (UInt64(0)..<20).map { picture.replicatingObjects(in: boxes, seed: $0) }
        #expect(picture.replicatingObjects(in: boxes, seed: 3).image == all[3].image)
        #expect(Set(all.map(\.copies)).count > 15)
    }

    @Test("a picture without objects stays as it is")
    func nothing() {
        let (image, copies) = picture.replicatingObjects(in: [], seed: 1)
        #expect(image == picture && copies.isEmpty)
    }
}
