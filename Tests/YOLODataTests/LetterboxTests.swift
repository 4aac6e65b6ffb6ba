import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Letterbox", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct LetterboxTests {
    /// The letterbox that the reference's keyword arguments ask for.
    private func letterbox(width: Int, height: Int, _ arguments: JSON) -> Letterbox {
        let shape = arguments["new_shape"]
        let target = shape.array.isEmpty ? (width: shape.int, height: shape.int) : (width: shape[1].int, height: shape[0].int)
        let isMinimal = arguments["auto"].exists ? arguments["auto"].bool : true
        let stride = arguments["stride"].exists ? arguments["stride"].int : 32
        let stretches = arguments["scaleFill"].exists && arguments["scaleFill"].bool
        return Letterbox(
            width: width, height: height, into: target,
            fitting: isMinimal ? .minimal(stride: stride) : stretches ? .stretched : .padded,
            scalesUp: arguments["scaleup"].exists ? arguments["scaleup"].bool : true)
    }

    @Test("40 sizes come out as in the reference")
    func table() throws {
        let rows = try Fixtures.json("augment/augment")["letterbox_table"].array
        #expect(rows.count == 40)
        for row in rows {
            let box = letterbox(width: row[0][1].int, height: row[0][0].int, row[1])
            #expect([box.outputHeight, box.outputWidth] == row[2].ints)
            #expect(zip([box.ratioX, box.ratioY], row[3].doubles).allSatisfy { abs($0 - $1) < 1e-12 })
            #expect([box.padX, box.padY] == row[4].doubles)
            #expect([box.top, box.left, box.top + box.resizedHeight, box.left + box.resizedWidth] == row[5].ints)
        }
    }

    @Test("ten images come out as in the reference")
    func images() throws {
        let cases = try Fixtures.json("augment/augment")["letterbox"]
        #expect(cases.keys.count == 10)
        for name in cases.keys {
            let source = try GoldenImages.load(cases[name]["in"].string)
            let box = letterbox(width: source.width, height: source.height, cases[name])
            let output = try Image(width: box.outputWidth, height: box.outputHeight) { view in
                try source.withView { try box.draw($0, on: view) }
            }
            #expect(try GoldenImages.matches(output, "letterbox.\(name).png"), "\(name)")
        }
    }

    @Test("an image far longer than high keeps one row")
    func sliver() {
        let box = Letterbox(width: 5000, height: 2, into: (640, 640))
        #expect((box.resizedWidth, box.resizedHeight) == (640, 1))
        #expect((box.outputWidth, box.outputHeight) == (640, 640))
    }
}
