import Testing

@testable import Imaging

@Suite("Image")
struct ImageTests {
    let image = Image(width: 3, height: 2, pixels: Array(0..<18))

    @Test("a part shares the memory of its whole, and only its own pixels", arguments: [
        Color(gray: 114), Color(red: 200, green: 100, blue: 50),
    ])
    func parts(color: Color) {
        var filled = Image(width: 5, height: 4)
        filled.withMutableView { $0.part(x: 1, y: 2, width: 3, height: 2).fill(color) }
        filled.withView { view in
            for y in 0..<4 {
                for x in 0..<5 { #expect(view[x, y] == ((1..<4).contains(x) && y >= 2 ? color : Color(gray: 0))) }
            }
        }
    }

    @Test("a copy lands where the part is")
    func copy() {
        var canvas = Image(width: 6, height: 5, filledWith: Color(gray: 114))
        canvas.withMutableView { view in
            image.withView { $0.copy(into: view.part(x: 2, y: 1, width: 3, height: 2)) }
            #expect(view[2, 1] == Color(red: 0, green: 1, blue: 2))
            #expect(view[4, 2] == Color(red: 15, green: 16, blue: 17))
            #expect(view[1, 1] == Color(gray: 114) && view[5, 1] == Color(gray: 114) && view[2, 3] == Color(gray: 114))
        }
    }

    @Test("area interpolation is the mean of the pixels covered")
    func area() throws {
        let checks = Image(width: 4, height: 2, pixels: [0, 40, 80, 120, 8, 48, 88, 128].flatMap { [UInt8](repeating: $0, count: 3) })
        let small = try checks.resized(width: 2, height: 1, interpolation: .area)
        #expect(small == Image(width: 2, height: 1, pixels: [24, 24, 24, 104, 104, 104]))
    }

    @Test("resizing to the same size changes nothing", arguments: [Interpolation.linear, .area])
    func sameSize(interpolation: Interpolation) throws {
        #expect(try image.resized(width: 3, height: 2, interpolation: interpolation) == image)
    }

    @Test("gains of one leave colours nearly as they are, and no saturation makes grey")
    func hsv() {
        var random = SeededGenerator(seed: 9)
        let noise = Image.noise(width: 300, height: 20, using: &random)
        var same = noise
        same.withMutableView { HSVAdjustment(hueGain: 1, saturationGain: 1, valueGain: 1).apply(to: $0) }
        #expect(same.shareDiffering(from: noise, byMoreThan: 6) == 0)  // a step of hue is two degrees
        var gray = noise
        gray.withMutableView { HSVAdjustment(hueGain: 1, saturationGain: 0, valueGain: 1).apply(to: $0) }
        gray.withView { result in
            noise.withView { source in
                for x in 0..<300 {
                    let color = source[x, 7]
                    #expect(result[x, 7] == Color(gray: max(color.red, color.green, color.blue)))
                }
            }
        }
    }
}
