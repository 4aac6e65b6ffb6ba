import Foundation
import Testing

@testable import Imaging

@Suite("Canvas")
struct CanvasTests {
    static let red = Color(red: 220, green: 20, blue: 30)
    static let white = Color(gray: 255)

    @Test("an image drawn on and taken back unchanged is the same")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 5)
        let image = Image.noise(width: 33, height: 17, using: &random)
        #expect(try Canvas(image).makeImage() == image)
    }

    @Test("a polygon on whole pixels fills those pixels and no others")
    func polygon() throws {
        let canvas = try Canvas(Image(width: 10, height: 8, filledWith: Self.white))
        try canvas.fill(.rectangle(x: 2, y: 3, width: 4, height: 2), with: .color(Self.red))
        var expected = Image(width: 10, height: 8, filledWith: Self.white)
        expected.withMutableView { $0.part(x: 2, y: 3, width: 4, height: 2).fill(Self.red) }
        #expect(canvas.makeImage() == expected)
    }

    @Test("edges are smooth: half a pixel covered is half the colour")
    func antialiasing() throws {
        let canvas = try Canvas(Image(width: 4, height: 4, filledWith: Color(gray: 0)))
        try canvas.fill(.rectangle(x: 0, y: 0, width: 1.5, height: 4), with: .color(Self.white))
        let image = canvas.makeImage()
        image.withView { view in
            #expect(view[0, 1] == Self.white)
            #expect(abs(Int(view[1, 1].red) - 128) <= 2)
            #expect(view[2, 1] == Color(gray: 0))
        }
    }

    @Test("an ellipse covers pi times its radii", arguments: [0.0, 30, 90])
    func ellipse(degrees: Double) throws {
        let canvas = try Canvas(Image(width: 100, height: 100))
        let path = Path.ellipse(centerX: 0, centerY: 0, radiusX: 40, radiusY: 20).rotated(degrees: degrees).moved(x: 50, y: 50)
        try canvas.fill(path, with: .color(Self.white))
        let covered = canvas.makeImage().pixels.reduce(0.0) { $0 + Double($1) } / 255 / 3
        #expect(abs(covered - .pi * 40 * 20) < 10)
    }

    @Test("the bounds of a turned ellipse are the square roots of the summed squares", arguments: [0.0, 30, 45, 130])
    func bounds(degrees: Double) throws {
        let path = Path.ellipse(centerX: 0, centerY: 0, radiusX: 40, radiusY: 20).rotated(degrees: degrees)
        let bounds = try #require(path.bounds)
        let angle = degrees * .pi / 180
        let halfWidth = sqrt(pow(40 * cos(angle), 2) + pow(20 * sin(angle), 2))
        let halfHeight = sqrt(pow(40 * sin(angle), 2) + pow(20 * cos(angle), 2))
        #expect(abs(bounds.x2 - halfWidth) < 0.05 && abs(bounds.x1 + halfWidth) < 0.05)
        #expect(abs(bounds.y2 - halfHeight) < 0.05 && abs(bounds.y1 + halfHeight) < 0.05)
        #expect(Path().bounds == nil)
    }

    @Test("two outlines make a ring by the even-odd rule")
    func ring() throws {
        let canvas = try Canvas(Image(width: 40, height: 40))
        let ring = Path.rectangle(x: 5, y: 5, width: 30, height: 30).joined(with: .rectangle(x: 15, y: 15, width: 10, height: 10))
        try canvas.fill(ring, with: .color(Self.white), rule: .evenOdd)
        canvas.makeImage().withView { view in
            #expect(view[10, 10] == Self.white)
            #expect(view[20, 20] == Color(gray: 0))
        }
    }

    @Test("textures repeat and gradients run from one colour to the other")
    func paints() throws {
        var random = SeededGenerator(seed: 6)
        let texture = Image.noise(width: 8, height: 8, using: &random)
        let canvas = try Canvas(Image(width: 24, height: 24))
        try canvas.fill(.rectangle(x: 0, y: 0, width: 24, height: 24), with: .texture(texture))
        texture.withView { tile in canvas.makeImage().withView { view in #expect(view[11, 21] == tile[3, 5]) } }
        let everywhere = Path.rectangle(x: 0, y: 0, width: 24, height: 24)
        try canvas.fill(
            everywhere,
            with: .gradient(from: Color(gray: 0), start: .init(x: 0, y: 0), to: Self.white, end: .init(x: 24, y: 0)))
        canvas.makeImage().withView { view in
            #expect(view[0, 0].red < 12 && view[23, 23].red > 243)
            #expect(abs(Int(view[12, 5].red) - 133) <= 3)
        }
    }

    @Test("a box is an outline with a tag on its upper edge, inside where there is no room above", arguments: [40.0, 1])
    func box(top: Double) throws {
        let canvas = try Canvas(Image(width: 200, height: 120, filledWith: Self.white))
        try canvas.drawBox(x1: 20, y1: top, x2: 120, y2: 110, color: Self.red, label: "bicicletă 自行车 0.87", lineWidth: 2, fontSize: 12)
        let size = canvas.textSize("bicicletă 自行车 0.87", size: 12)
        let image = canvas.makeImage()
        image.withView { view in
            #expect(view[20, 80] == Self.red && view[119, 80] == Self.red && view[70, 110] == Self.red)
            #expect(view[70, 80] == Self.white)
            if let size {
                let edge = top > 20 ? Int(top - size.height / 2) : Int(top + size.height / 2)
                #expect(view[20, edge] == Self.red)
                let tag = view.part(x: 20, y: edge - 3, width: 60, height: 6)
                let lightest = (0..<6).flatMap { y in (0..<60).map { tag[$0, y].green } }.max()
                #expect((lightest ?? 0) > 150)  // white letters
            }
        }
    }

    @Test("a grid centres each picture in its cell")
    func grid() throws {
        let pictures = [Image(width: 20, height: 10, filledWith: Self.red), Image(width: 5, height: 10, filledWith: Color(gray: 0)), Image(width: 10, height: 10, filledWith: Self.red)]
        let sheet = try ImageGrid(columns: 2, cellWidth: 10, cellHeight: 10, spacing: 2).image(of: pictures)
        #expect((sheet.width, sheet.height) == (26, 26))
        sheet.withView { view in
            #expect(view[2, 3] == Self.white && view[2, 4] == Self.red && view[11, 8] == Self.red && view[5, 9] == Self.white)
            #expect(view[16, 2] == Color(gray: 0) && view[15, 2] == Self.white)
            #expect(view[2, 14] == Self.red && view[11, 23] == Self.red)
            #expect(view[20, 20] == Self.white)
        }
    }

    @Test("a picture too large to draw on is an error")
    func tooLarge() {
        #expect(throws: ImagingError.failed(operation: "draw on", reason: "it is larger than 32767 pixels")) {
            try Canvas(Image(width: 40_000, height: 1))
        }
    }
}
