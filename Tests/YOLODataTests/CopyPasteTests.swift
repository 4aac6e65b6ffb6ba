import Detection
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Copy-paste")
struct CopyPasteTests {
    @Test("picture, labels and outlines are those of the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)), arguments: 0..<4)
    func golden(number: Int) throws {
        let golden = try Fixtures.json("augment/augment")["copy_paste"]["\(number)"]
        let tensors = try Fixtures.tensors("augment/augment")
        let source = try GoldenImages.load(golden["in"].string)
        func objects(_ end: String) throws -> [PlacedObject] {
            try #require(tensors["copy_paste\(number).labels_\(end)"]).rows.enumerated().map { index, row in
                let outline = try #require(tensors["copy_paste\(number).segment_\(end)\(index)"])
                return PlacedObject(
                    classIndex: Int(row[0]), box: Box(x1: row[1], y1: row[2], x2: row[3], y2: row[4]),
                    polygon: Polygon(points: outline.rows.map { SIMD2($0[0], $0[1]) }))
            }
        }
        let before = try objects("in")
        let pasting = CopyPaste(golden["sampled_indices"].ints, of: before, canvasWidth: source.width)
        let (after, expected) = (before + pasting.copies.map(\.object), try objects("out"))
        #expect(after.map(\.polygon) == expected.map(\.polygon))
        // The reference's boxes are of double precision here.
        #expect(agree(after.map(\.row), expected.map(\.row), tolerance: 2e-5))

        let shapes = pasting.copies.compactMap {
            before[$0.original].mirroredShape(canvasWidth: source.width, canvasHeight: source.height)
        }
        #expect(shapes.count == pasting.copies.count)
        let image = try pasted(shapes, onto: source)
        #expect(try GoldenImages.matches(image, "copy_paste\(number).png", tolerance: 0))
    }

    @Test("the share of the objects that are tried is rounded half to even, none twice", arguments: [
        (9, 0.5, 4), (7, 0.5, 4), (10, 1, 10), (2, 0.25, 0), (3, 0.25, 1), (0, 1, 0), (5000, 1, 1000),
    ])
    func choice(outlines: Int, share: Double, expected: Int) {
        for index in 0..<20 {
            var random = SampleRandom(seed: 0, epoch: 0, index: index, stream: .augmentation)
            let chosen = CopyPaste.choice(of: outlines, share: share, random: &random)
            #expect(chosen.count == expected && Set(chosen).count == expected)
            #expect(chosen.allSatisfy { (0..<outlines).contains($0) })
        }
    }

    @Test("any object is as likely to be tried as any other")
    func evenChoice() {
        var counts = [Int](repeating: 0, count: 6)
        for index in 0..<6000 {
            var random = SampleRandom(seed: 1, epoch: 0, index: index, stream: .augmentation)
            for chosen in CopyPaste.choice(of: 6, share: 0.5, random: &random) { counts[chosen] += 1 }
        }
        #expect(counts.allSatisfy { abs($0 - 3000) < 200 })
    }

    @Test("nothing is pasted over a third of another object, or over its own mirror image")
    func room() {
        func object(_ x: Float, _ width: Float) -> PlacedObject {
            let corners = [SIMD2(x, 10), SIMD2(x + width, 10), SIMD2(x + width, 30), SIMD2(x, 30)]
            return PlacedObject(
                classIndex: 0, box: Box(x1: x, y1: 10, x2: x + width, y2: 30), polygon: Polygon(points: corners))
        }
        // On a canvas of 100 pixels the middle object is its own mirror image.
        let objects = [object(5, 10), object(40, 20), PlacedObject(classIndex: 1, box: Box(x1: 82, y1: 10, x2: 90, y2: 30))]
        // The first one would cover most of the last one, which has no outline.
        #expect(CopyPaste([1, 0], of: objects, canvasWidth: 100).copies == [])
        let copies = CopyPaste([0, 1], of: Array(objects[..<2]), canvasWidth: 100).copies
        #expect(copies.map(\.original) == [0])
        #expect(copies.first?.object.box == Box(x1: 85, y1: 10, x2: 95, y2: 30))
    }

    @Test("many overlapping shapes: in patches or on the whole canvas, the picture is the same")
    func patches() throws {
        var random = SampleRandom(seed: 5, epoch: 0, index: 0, stream: .augmentation)
        let side = 96
        let canvas = Image(
            width: side, height: side,
            pixels: (0..<side * side * 3).map { _ in UInt8(random.index(below: 4)) &* 60 })
        let shapes: [MirroredShape] = (0..<20).compactMap { _ in
            let corner = SIMD2(Int32(random.index(below: 50)), Int32(random.index(below: side - 20)))
            let corners = [corner] + (0..<5).map { _ in
                corner &+ SIMD2(Int32(random.index(below: 40)), Int32(random.index(below: 40)))
            }
            return MirroredShape(corners: corners, canvasWidth: side, canvasHeight: side)
        }
        // Shapes are cut out of the untouched canvas, so pasting them one by one is no different.
        for count in [1, 4, 8, 9, 20] {
            var expected = canvas
            for shape in shapes[..<count] {
                let mask = try shape.mask()
                expected.withMutableView { view in
                    for y in 0..<shape.source.height {
                        for x in 0..<shape.source.width where mask[y * shape.source.width + x] != 0 {
                            let color = canvas.withView { $0[shape.source.x0 + x, shape.source.y0 + y] }
                            let (left, top) = (side - 1 - shape.source.x0 - x, shape.source.y0 + y)
                            let under = view[left, top]
                            view[left, top] = Color(
                                red: color.red == 0 ? under.red : color.red, green: color.green == 0 ? under.green : color.green,
                                blue: color.blue == 0 ? under.blue : color.blue)
                        }
                    }
                }
            }
            #expect(try pasted(Array(shapes[..<count]), onto: canvas) == expected)
        }
    }

    @Test("a shape that lies beside the canvas is none")
    func outside() {
        #expect(MirroredShape(corners: [], canvasWidth: 10, canvasHeight: 10) == nil)
        let beside = [SIMD2<Int32>(10, 0), SIMD2(10, 5), SIMD2(12, 5)]
        #expect(MirroredShape(corners: beside, canvasWidth: 10, canvasHeight: 10) == nil)
    }

    /// The picture as a canvas with the shapes on it.
    private func pasted(_ shapes: [MirroredShape], onto source: Image) throws -> Image {
        let everything = PixelRect(width: source.width, height: source.height)
        let warp = MosaicWarp(
            canvasWidth: source.width, canvasHeight: source.height, transform: .identity, background: Letterbox.gray)
        var result = source
        let patches = try source.withView { view in
            try warp.patches(pasting: shapes, over: [.init(view: view, x: 0, y: 0)], in: everything)
        }
        result.withMutableView { view in
            for patch in patches {
                patch.image.withView {
                    $0.copy(into: view.part(x: patch.x, y: patch.y, width: patch.image.width, height: patch.image.height))
                }
            }
        }
        return result
    }
}

extension PlacedObject {
    fileprivate var row: [Float] { [Float(classIndex), box.x1, box.y1, box.x2, box.y2] }
}
