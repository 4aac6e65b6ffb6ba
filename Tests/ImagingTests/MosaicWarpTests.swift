import Testing

@testable import Imaging

@Suite("MosaicWarp")
struct MosaicWarpTests {
    static let gray = Color(gray: 114)

    /// A transform as training draws them, with a tilt for every third seed.
    static func randomTransform(canvas: Double, destination: Double, seed: UInt64, using random: inout SeededGenerator) -> Homography {
        let tilt = seed % 3 == 0 ? 0.004 : 0
        let degrees = seed % 2 == 0 ? 0 : Double.random(in: -180...180, using: &random)
        return .translation(x: destination * .random(in: 0.4...0.6, using: &random), y: destination * .random(in: 0.4...0.6, using: &random))
            * .shear(xDegrees: .random(in: -8...8, using: &random), yDegrees: .random(in: -8...8, using: &random))
            * .rotation(degrees: degrees, scale: .random(in: 0.3...1.8, using: &random))
            * .perspective(x: .random(in: -tilt...tilt, using: &random), y: .random(in: -tilt...tilt, using: &random))
            * .translation(x: -canvas / 2, y: -canvas / 2)
    }

    @Test("equals painting the canvas first, to the bit", arguments: UInt64(0)..<24)
    func equalsCanvas(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let images = (0..<5).map { _ in
            Image.noise(width: .random(in: 1...90, using: &random), height: .random(in: 1...90, using: &random), using: &random)
        }
        let places = images.map { image in
            (x: Int.random(in: -image.width...128, using: &random), y: Int.random(in: -image.height...128, using: &random))
        }
        let transform = Self.randomTransform(canvas: 128, destination: 96, seed: seed, using: &random)

        var canvas = Image(width: 128, height: 128, filledWith: Self.gray)
        canvas.withMutableView { view in
            for (image, place) in zip(images, places) {
                image.withView { source in
                    for y in 0..<source.height where (0..<128).contains(place.y + y) {
                        for x in 0..<source.width where (0..<128).contains(place.x + x) {
                            view[place.x + x, place.y + y] = source[x, y]
                        }
                    }
                }
            }
        }
        let expected = Image(width: 96, height: 96) { destination in
            canvas.withView { $0.warp(into: destination, transform: transform, border: Self.gray) }
        }
        #expect(expected == interpolated(canvas, through: transform))

        let warp = MosaicWarp(canvasWidth: 128, canvasHeight: 128, transform: transform, background: Self.gray)
        #expect(render(warp, images, places) == expected)
        let turned = MosaicWarp(
            canvasWidth: 128, canvasHeight: 128, transform: transform, background: Self.gray,
            isMirrored: true, isUpsideDown: true)
        var flipped = expected
        flipped.withMutableView {
            $0.flipHorizontally()
            $0.flipVertically()
        }
        #expect(render(turned, images, places) == flipped)
    }

    @Test("copies pixels exactly where the transform is the identity")
    func identity() {
        var random = SeededGenerator(seed: 7)
        let image = Image.noise(width: 50, height: 40, using: &random)
        let copy = Image(width: 50, height: 40) { destination in
            image.withView { $0.warp(into: destination, transform: .identity, border: Self.gray) }
        }
        #expect(copy == image)
    }

    @Test("shows the background alone through a transform without an inverse, or from far away")
    func background() {
        let orange = Color(red: 255, green: 128, blue: 0)
        let image = Image(width: 8, height: 8, filledWith: Color(gray: 1))
        let expected = Image(width: 20, height: 10, filledWith: orange)
        for transform in [Homography.scale(x: 0, y: 1), .translation(x: 1e9, y: 0)] {
            let result = Image(width: 20, height: 10) { destination in
                image.withView { $0.warp(into: destination, transform: transform, border: orange) }
            }
            #expect(result == expected)
        }
    }

    @Test("a homography times its inverse is the identity")
    func inverse() throws {
        var random = SeededGenerator(seed: 3)
        for seed in UInt64(0)..<12 {
            let transform = Self.randomTransform(canvas: 1280, destination: 640, seed: seed, using: &random)
            let back = try #require(transform.inverse)
            let place = transform(x: 300, y: 200)
            let again = back(x: place.x, y: place.y)
            #expect(abs(again.x - 300) < 1e-6 && abs(again.y - 200) < 1e-6)
        }
    }

    private func render(_ warp: MosaicWarp, _ images: [Image], _ places: [(x: Int, y: Int)]) -> Image {
        var tiles: [MosaicWarp.Tile] = []
        func lend(_ rest: ArraySlice<Int>, into destination: ImageView) {
            guard let index = rest.first else { return warp.render(tiles, into: destination) }
            images[index].withView { view in
                tiles.append(.init(view: view, x: places[index].x, y: places[index].y))
                lend(rest.dropFirst(), into: destination)
            }
        }
        return Image(width: 96, height: 96) { lend(images.indices[...].map { $0 }[...], into: $0) }
    }

    /// Bilinear interpolation as OpenCV defines it, pixel by pixel: positions in steps of 1/32, found from steps of 1/1024
    /// where the transform is affine.
    private func interpolated(_ canvas: Image, through transform: Homography) -> Image {
        guard let m = transform.inverse?.elements else { return Image(width: 96, height: 96, filledWith: Self.gray) }
        func round(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }
        return canvas.withView { source in
            func pixel(_ x: Int, _ y: Int) -> Color {
                (0..<128).contains(x) && (0..<128).contains(y) ? source[x, y] : Self.gray
            }
            func position(_ x: Double, _ y: Double) -> (Int, Int) {
                if transform.isAffine {
                    return (
                        (round((m[1] * y + m[2]) * 1024) + 16 + round(m[0] * x * 1024)) >> 5,
                        (round((m[4] * y + m[5]) * 1024) + 16 + round(m[3] * x * 1024)) >> 5
                    )
                }
                let inverse = 32 / (m[6] * x + m[7] * y + m[8])
                return (round((m[0] * x + m[1] * y + m[2]) * inverse), round((m[3] * x + m[4] * y + m[5]) * inverse))
            }
            return Image(width: 96, height: 96) { destination in
                for y in 0..<96 {
                    for x in 0..<96 {
                        let (u, v) = position(Double(x), Double(y))
                        let (left, top, right, down) = (u >> 5, v >> 5, u & 31, v & 31)
                        let corners = [
                            (pixel(left, top), (32 - right) * (32 - down)), (pixel(left + 1, top), right * (32 - down)),
                            (pixel(left, top + 1), (32 - right) * down), (pixel(left + 1, top + 1), right * down),
                        ]
                        func sum(_ component: KeyPath<Color, UInt8>) -> UInt8 {
                            UInt8((corners.reduce(512) { $0 + Int($1.0[keyPath: component]) * $1.1 }) >> 10)
                        }
                        destination[x, y] = Color(red: sum(\.red), green: sum(\.green), blue: sum(\.blue))
                    }
                }
            }
        }
    }
}
