import Detection
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Cutout")
struct CutoutTests {
    @Test("picture and labels are those of the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
    func golden() throws {
        let golden = try Fixtures.json("augment/augment")["cutout"]
        let tensors = try Fixtures.tensors("augment/augment")
        var image = try GoldenImages.load(golden["in"].string)
        let draws = golden["randint"].ints
        let holes: [Cutout.Hole] = stride(from: 0, to: draws.count, by: 7).map { first in
            let draw = Array(draws[first..<first + 7])
            let color = Color(red: UInt8(draw[6]), green: UInt8(draw[5]), blue: UInt8(draw[4]))
            return Cutout.Hole(
                centerX: draw[2], centerY: draw[3], width: draw[1], height: draw[0], color: color,
                imageWidth: image.width, imageHeight: image.height)
        }
        #expect(holes.count == 31)
        let cutout = Cutout(holes: holes)
        image.withMutableView { cutout.apply(to: $0) }
        #expect(try GoldenImages.matches(image, "cutout.png", tolerance: 0))

        let labels = try #require(tensors["cutout.labels_in"]).rows.map { row in
            BoxLabel(
                classIndex: Int(row[0]), box: NormalizedBox(centerX: row[1], centerY: row[2], width: row[3], height: row[4]))
        }
        let visible = cutout.visible(labels, width: image.width, height: image.height)
        #expect(visible.map(\.row) == (try #require(tensors["cutout.labels_out"]).rows))
    }

    @Test("holes are at most half, a quarter, … of the side and start in the picture, of middling colours", arguments: [640, 32, 5, 1])
    func draws(side: Int) {
        for index in 0..<40 {
            var random = SampleRandom(seed: 0, epoch: 0, index: index, stream: .augmentation)
            let holes = Cutout(width: side, height: side, random: &random).holes
            let limits = [(1, 2), (2, 4), (4, 8), (8, 16), (16, 32)].flatMap { Array(repeating: max(side / $0.1, 1), count: $0.0) }
            #expect(holes.count == 31)
            for (hole, limit) in zip(holes, limits) {
                #expect(hole.place.width <= limit && hole.place.height <= limit)
                #expect(hole.place.x0 >= 0 && hole.place.x1 <= side && hole.place.y0 >= 0 && hole.place.y1 <= side)
                #expect([hole.color.red, hole.color.green, hole.color.blue].allSatisfy { 64...191 ~= $0 })
            }
        }
    }
}
