import Testing
@testable import YOLOTraining

@Suite("Sizes of --multi-scale")
struct MultiScaleTests {
    @Test("sides are multiples of the stride from half of the size to one and a half times, all of them, the same for a seed")
    func range() {
        let scale = MultiScale(imageSize: 640, stride: 32, seed: 3)
        let sides = (0..<2000).map { scale.side(epoch: $0 / 100, batch: $0 % 100) }
        #expect(Set(sides) == Set(stride(from: 320, through: 960, by: 32)))
        let mean = Double(sides.reduce(0, +)) / Double(sides.count)
        #expect(abs(mean - 640) < 15)
        #expect(sides == (0..<2000).map { scale.side(epoch: $0 / 100, batch: $0 % 100) })
        let other = MultiScale(imageSize: 640, stride: 32, seed: 4)
        #expect(sides != (0..<2000).map { other.side(epoch: $0 / 100, batch: $0 % 100) })
    }

    @Test("a picture has two cells a side at least, for batch statistics need more than one number")
    func smallest() {
        let scale = MultiScale(imageSize: 64, stride: 32, seed: 0)
        #expect(Set((0..<500).map { scale.side(epoch: 0, batch: $0) }) == [64, 96])
    }

    @Test("the largest side is one that comes, and a multiple of the stride", arguments: [64, 416, 640])
    func largest(imageSize: Int) {
        let scale = MultiScale(imageSize: imageSize, stride: 32, seed: 1)
        #expect((0..<3000).map { scale.side(epoch: 0, batch: $0) }.max() == MultiScale.largestSide(for: imageSize, stride: 32))
    }
}
