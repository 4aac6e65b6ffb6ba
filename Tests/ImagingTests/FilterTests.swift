import Testing

@testable import Imaging

@Suite("Filters")
struct FilterTests {
    private func filtered(_ image: Image, _ filter: (ImageView) throws(ImagingError) -> Void) throws(ImagingError) -> Image {
        var image = image
        try image.withMutableView { view throws(ImagingError) in try filter(view) }
        return image
    }

    private func noise() -> Image {
        var random = SeededGenerator(seed: 21)
        return Image.noise(width: 40, height: 30, using: &random)
    }

    /// The reds around a pixel, `size` by `size` of them.
    private func reds(_ image: Image, _ x: Int, _ y: Int, size: Int) -> [Int] {
        image.withView { view in
            (-size / 2...size / 2).flatMap { dy in (-size / 2...size / 2).map { dx in Int(view[x + dx, y + dy].red) } }
        }
    }

    @Test("blur gives the mean, median blur the median of the pixels around", arguments: [3, 5, 7])
    func blurs(size: Int) throws {
        let image = noise()
        let mean = try filtered(image) { view throws(ImagingError) in try view.blur(size: size) }
        let median = try filtered(image) { view throws(ImagingError) in try view.medianBlur(size: size) }
        for (x, y) in [(10, 10), (20, 7), (35, 25)] {
            let around = reds(image, x, y, size: size).sorted()
            let expected = Double(around.reduce(0, +)) / Double(around.count)
            #expect(abs(Double(mean.withView { $0[x, y].red }) - expected) <= 0.5)
            #expect(Int(median.withView { $0[x, y].red }) == around[around.count / 2])
        }
    }

    @Test("gray is the luma of each pixel")
    func gray() throws {
        let image = noise()
        let result = try filtered(image) { view throws(ImagingError) in try view.makeGray() }
        for (x, y) in [(0, 0), (10, 10), (39, 29)] {
            let (color, gray) = (image.withView { $0[x, y] }, result.withView { $0[x, y] })
            let luma = 0.299 * Double(color.red) + 0.587 * Double(color.green) + 0.114 * Double(color.blue)
            #expect(abs(Double(gray.red) - luma) < 1)
            #expect(gray.red == gray.green && gray.green == gray.blue)
        }
    }

    @Test("equalising spreads the levels by how many pixels are below them")
    func equalize() throws {
        // A quarter of the pixels at each of four levels: of those above the lowest, 1/3, 2/3 and all are at most as bright.
        let levels: [UInt8] = [40, 44, 52, 60]
        let image = Image(width: 16, height: 16) { view in
            for y in 0..<16 {
                for x in 0..<16 { view[x, y] = Color(gray: levels[y / 4]) }
            }
        }
        let result = try filtered(image) { view throws(ImagingError) in try view.equalizeHistogram() }
        let found = (0..<4).map { part in Int(result.withView { $0[3, 4 * part + 1] }.red) }
        #expect(zip(found, [0, 85, 170, 255]).allSatisfy { abs($0 - $1) <= 1 })
    }

    @Test("equalising part by part raises the contrast of a dull picture, less so with a low limit, and keeps gray gray", arguments: [
        Brightness.luma, .lightness,
    ])
    func equalizeAdaptively(brightness: Brightness) throws {
        var random = SeededGenerator(seed: 2)
        let image = Image(width: 256, height: 256) { view in
            for y in 0..<256 {
                for x in 0..<256 { view[x, y] = Color(gray: UInt8.random(in: 100...120, using: &random)) }
            }
        }
        func spread(_ image: Image) -> Int { Int(image.pixels.max() ?? 0) - Int(image.pixels.min() ?? 0) }
        let spreads = try [1, 8, 40].map { limit throws(ImagingError) in
            let result = try filtered(image) { view throws(ImagingError) in
                try view.equalizeHistogramAdaptively(of: brightness, clipLimit: limit)
            }
            let colors = (0..<256).map { index in result.withView { $0[index, index] } }
            #expect(colors.allSatisfy { abs(Int($0.red) - Int($0.blue)) <= 2 && abs(Int($0.red) - Int($0.green)) <= 2 })
            return spread(result)
        }
        #expect(spread(image) <= spreads[0] && spreads[0] < spreads[1] && spreads[1] < spreads[2])
    }

    @Test("the smallest pictures are no exception")
    func onePixel() throws {
        let pixel = Image(width: 1, height: 1, pixels: [10, 200, 30])
        #expect(try filtered(pixel) { view throws(ImagingError) in try view.blur(size: 7) } == pixel)
        #expect(try filtered(pixel) { view throws(ImagingError) in try view.medianBlur(size: 7) } == pixel)
        _ = try filtered(pixel) { view throws(ImagingError) in try view.equalizeHistogram() }
        _ = try filtered(pixel) { view throws(ImagingError) in try view.equalizeHistogramAdaptively(of: .lightness) }
    }
}
