import Detection
import Imaging
import Testing
@testable import YOLOData

@Suite("Replication")
struct ReplicationTests {
    /// Red tells the column, green the row.
    private let picture = Image(width: 100, height: 80) { view in
        for y in 0..<80 {
            for x in 0..<100 { view[x, y] = Color(red: UInt8(x), green: UInt8(y), blue: 9) }
        }
    }
    private let objects = [
        PlacedObject(classIndex: 3, box: Box(x1: 0, y1: 0, x2: 50, y2: 50)),
        PlacedObject(classIndex: 4, box: Box(x1: 10.7, y1: 20.2, x2: 22.9, y2: 31.1)),
        PlacedObject(classIndex: 5, box: Box(x1: 60, y1: 10, x2: 99, y2: 70)),
        PlacedObject(classIndex: 6, box: Box(x1: 70, y1: 10, x2: 75, y2: 90)),
        PlacedObject(classIndex: 7, box: Box(x1: -5, y1: 0, x2: 3, y2: 4)),
    ]

    @Test("the smaller half of the objects is copied, half rounded to even, smallest first")
    func smallest() {
        for (count, expected) in [(5, [4, 1]), (4, [1, 3]), (3, [1, 2]), (1, []), (0, [])] {
            var random = SampleRandom(seed: 0, epoch: 0, index: count, stream: .augmentation)
            let replication = Replication(of: Array(objects[..<count]), width: 100, height: 80, random: &random)
            #expect(replication.copies.map(\.original) == expected)
        }
    }

    @Test("a copy shows the pixels of its object, has its class, and lies in the picture")
    func pixels() {
        for index in 0..<30 {
            var random = SampleRandom(seed: 0, epoch: 0, index: index, stream: .augmentation)
            let replication = Replication(of: objects, width: 100, height: 80, random: &random)
            var image = picture
            var all: [PlacedObject] = []
            image.withMutableView { all = replication.apply(to: $0, objects) }
            #expect(Array(all.prefix(5)) == objects && all.count == 7)
            // The last copy is covered by nothing. Its box without fractions is 12 by 11 pixels at (10, 20).
            let box = all[6].box
            #expect(all[6].classIndex == 4 && box.width == 12 && box.height == 11)
            #expect(box.x1 >= 0 && box.y1 >= 0 && box.x2 <= 100 && box.y2 <= 80)
            let first = image.withView { $0[Int(box.x1), Int(box.y1)] }
            let last = image.withView { $0[Int(box.x2) - 1, Int(box.y2) - 1] }
            #expect(first == Color(red: 10, green: 20, blue: 9) || isUnderFirstCopy(10, 20, replication))
            #expect(last == Color(red: 21, green: 30, blue: 9) || isUnderFirstCopy(21, 30, replication))
        }
    }

    /// Whether the first copy changed a pixel before the second one was made.
    private func isUnderFirstCopy(_ x: Int, _ y: Int, _ replication: Replication) -> Bool {
        let copy = replication.copies[0]
        return copy.x <= x && x < copy.x + copy.source.width && copy.y <= y && y < copy.y + copy.source.height
    }

    @Test("an object that moves over itself arrives whole")
    func overlap() {
        let object = PlacedObject(classIndex: 0, box: Box(x1: 1, y1: 1, x2: 97, y2: 77))
        for index in 0..<20 {
            var random = SampleRandom(seed: 2, epoch: 0, index: index, stream: .augmentation)
            // Twice the same, so that one is copied.
            let replication = Replication(of: [object, object], width: 100, height: 80, random: &random)
            var image = picture
            image.withMutableView { _ = replication.apply(to: $0, [object, object]) }
            let copy = replication.copies[0]
            let isShifted = image.withView { view in
                (0..<76).allSatisfy { y in
                    (0..<96).allSatisfy { x in
                        view[copy.x + x, copy.y + y] == Color(red: UInt8(x + 1), green: UInt8(y + 1), blue: 9)
                    }
                }
            }
            #expect(isShifted)
        }
    }
}
