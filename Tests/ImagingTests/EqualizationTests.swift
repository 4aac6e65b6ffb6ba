// Without @testable: what any program can do.
import Imaging
import Testing

@Suite("Equalising for other programs")
struct EqualizationTests {
    /// Levels 100 to 131 alone.
    private let flat = Image(width: 64, height: 32, pixels: (0..<64 * 32).flatMap { [UInt8](repeating: UInt8(100 + $0 % 32), count: 3) })

    @Test("a flat picture gets the whole range, and the original stays")
    func whole() throws {
        let image = try flat.equalizingHistogram()
        #expect(image.pixels.min() == 0 && image.pixels.max() == 255)
        #expect(flat.pixels.max() == 131)
    }

    @Test("a flat picture gets a larger range in its parts, of luma and of lightness", arguments: [Brightness.luma, .lightness])
    func adaptively(brightness: Brightness) throws {
        let image = try flat.equalizingHistogramAdaptively(of: brightness, clipLimit: 4, tiles: 2)
        let (low, high) = (try #require(image.pixels.min()), try #require(image.pixels.max()))
        #expect(high - low > 64)
    }

    @Test("parameters out of their range are refused", arguments: [
        (Double.nan, 8), (-1, 8), (.infinity, 8), (2, 0), (2, Int.max), (2, -3),
    ])
    func parameters(clipLimit: Double, tiles: Int) {
        #expect(throws: ImagingError.self) { try flat.equalizingHistogramAdaptively(clipLimit: clipLimit, tiles: tiles) }
    }

    @Test("more parts than pixels are no trouble")
    func small() throws {
        let image = try Image(width: 1, height: 3).equalizingHistogramAdaptively(tiles: 256)
        #expect((image.width, image.height) == (1, 3))
    }
}
