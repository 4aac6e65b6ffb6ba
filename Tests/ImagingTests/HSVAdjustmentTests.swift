import Testing

@testable import Imaging

@Suite("HSVAdjustment")
struct HSVAdjustmentTests {
    /// The same by the formulas, in whole numbers.
    private func adjusted(_ color: Color, _ gains: (hue: Double, saturation: Double, value: Double)) -> Color {
        let (r, g, b) = (Int(color.red), Int(color.green), Int(color.blue))
        let value = max(r, g, b)
        let range = value - min(r, g, b)
        // 12-bit reciprocals, as in OpenCV.
        func scaled(_ full: Double, by divisor: Int) -> Int { Int((full * 4096 / Double(max(divisor, 1))).rounded()) }
        let sector = value == r ? g - b : value == g ? b - r + 2 * range : r - g + 4 * range
        let hue = (sector * scaled(30, by: range) + 2048) >> 12
        let saturation = (range * scaled(255, by: value) + 2048) >> 12

        let newHue = Int((Double(hue < 0 ? hue + 180 : hue) * gains.hue).truncatingRemainder(dividingBy: 180))
        let newSaturation = Int(min(Double(saturation) * gains.saturation, 255))
        let newValue = Int(min(Double(value) * gains.value, 255))
        /// Thirtieths of the chroma that a component lacks, by the distance to the hue where it is strongest.
        func component(_ lack: Int) -> UInt8 {
            UInt8(newValue - (newValue * newSaturation * min(max(lack, 0), 30) + 7649) / 7650)
        }
        return Color(
            red: component(60 - abs(newHue - 90)), green: component(abs(newHue - 60) - 30),
            blue: component(abs(newHue - 120) - 30))
    }

    @Test("follows the formulas to the bit", arguments: [(1.0, 1.0, 1.0), (1.3, 0.4, 1.2), (0.5, 1.9, 0.7), (1.99, 1.6, 1.8), (1, 0, 1)])
    func formulas(hue: Double, saturation: Double, value: Double) {
        var random = SeededGenerator(seed: 11)
        // More than two blocks of the inner loop, and a rest; greys, black, white and primary colours in front.
        var image = Image.noise(width: 301, height: 23, using: &random)
        image.withMutableView { view in
            for level in 0..<256 { view[level, 0] = Color(gray: UInt8(level)) }
            for corner in 0..<8 {
                func level(_ bit: Int) -> UInt8 { corner >> bit & 1 == 1 ? 255 : 0 }
                view[corner, 1] = Color(red: level(0), green: level(1), blue: level(2))
            }
        }
        let expected = image.pixels.count / 3
        let original = image
        image.withMutableView {
            HSVAdjustment(hueGain: hue, saturationGain: saturation, valueGain: value).apply(to: $0)
        }
        let wrong = image.withView { view in
            original.withView { original in
                (0..<expected).filter { index in
                    let (x, y) = (index % 301, index / 301)
                    return view[x, y] != adjusted(original[x, y], (hue, saturation, value))
                }
            }
        }
        #expect(wrong == [])
    }

    @Test("is the same within the pass that warps and mixes")
    func onePass() {
        var random = SeededGenerator(seed: 4)
        let (first, second) = (
            Image.noise(width: 700, height: 90, using: &random), Image.noise(width: 500, height: 120, using: &random))
        let transforms = (0..<2).map {
            MosaicWarpTests.randomTransform(canvas: 400, destination: 660, seed: UInt64($0 * 2), using: &random)
        }
        let warps = transforms.map {
            MosaicWarp(canvasWidth: 700, canvasHeight: 120, transform: $0, background: Color(gray: 114), isMirrored: true)
        }
        let adjustment = HSVAdjustment(hueGain: 1.1, saturationGain: 0.6, valueGain: 1.3)
        first.withView { first in
            second.withView { second in
                let tiles = [[MosaicWarp.Tile(view: first, x: 0, y: 5)], [MosaicWarp.Tile(view: second, x: 9, y: 0)]]
                let parts = (0..<2).map { index in
                    Image(width: 660, height: 70) { warps[index].render(tiles[index], into: $0) }
                }
                var expected = Image(
                    width: 660, height: 70,
                    pixels: zip(parts[0].pixels, parts[1].pixels).map { UInt8(Double($0) * 0.4 + Double($1) * (1 - 0.4)) })
                expected.withMutableView { adjustment.apply(to: $0) }
                let image = Image(width: 660, height: 70) { view in
                    warps[0].render(
                        tiles[0], into: view, mixture: .init(warp: warps[1], tiles: tiles[1], share: 0.4), adjustment: adjustment)
                }
                #expect(image == expected)
            }
        }
    }
}
