import Testing

@testable import Imaging

@Suite("Decoding a part")
struct ImageDecoderTests {
    private func randomPart(of size: (width: Int, height: Int), using random: inout SeededGenerator) -> PixelRect {
        let x0 = Int.random(in: 0..<size.width, using: &random)
        let y0 = Int.random(in: 0..<size.height, using: &random)
        return PixelRect(
            x0: x0, y0: y0, x1: .random(in: x0 + 1...size.width, using: &random), y1: .random(in: y0 + 1...size.height, using: &random))
    }

    /// Compares parts with the same parts cut from the whole.
    private func compare(_ bytes: [UInt8], denominator: Int = 1, seed: UInt64, parts: Int = 20) throws {
        var random = SeededGenerator(seed: seed)
        try bytes.withRawBytes { buffer in
            let decoder = try ImageDecoder(buffer, name: "picture")
            let size = decoder.size(denominator: denominator)
            let whole = try decoder.decode(PixelRect(width: size.width, height: size.height), denominator: denominator)
            for _ in 0..<parts {
                let part = randomPart(of: size, using: &random)
                #expect(try decoder.decode(part, denominator: denominator) == whole.cut(to: part), "\(part)")
            }
        }
    }

    @Test("is cutting it from the whole, to the bit", arguments: JPEGFixtures.names, [1, 2, 4, 8])
    func parts(name: String, denominator: Int) throws {
        try compare(try JPEGFixtures.bytes(name), denominator: denominator, seed: 1)
    }

    @Test("of a picture that is turned", arguments: 1...8)
    func turned(orientation: Int) throws {
        for name in ["420", "progressive-444"] {
            try compare(JPEGFixtures.turned(try JPEGFixtures.bytes(name), orientation), seed: UInt64(orientation))
            try compare(JPEGFixtures.turned(try JPEGFixtures.bytes(name), orientation), denominator: 2, seed: UInt64(orientation))
        }
    }

    @Test("of a picture that ends early or is damaged", arguments: JPEGFixtures.names)
    func damaged(name: String) throws {
        let whole = try JPEGFixtures.bytes(name)
        for share in [0.5, 0.7, 0.9] {
            let bytes = Array(whole.prefix(Int(share * Double(whole.count))))
            // Where one of several scans ends in its tables nothing can be decoded.
            if (try? ImageFile.decode(bytes: bytes, name: "short")) != nil { try compare(bytes, seed: 3) }
        }
        var random = SeededGenerator(seed: 4)
        for _ in 0..<5 {
            var bytes = whole
            for _ in 0..<3 { bytes[.random(in: whole.count * 2 / 3..<whole.count, using: &random)] = .random(in: 0...255, using: &random) }
            if (try? ImageFile.decode(bytes: bytes, name: "damaged")) != nil { try compare(bytes, seed: 5, parts: 8) }
        }
    }

    @Test("of a format without parts")
    func otherFormats() throws {
        var random = SeededGenerator(seed: 2)
        try compare(try ImageFile.encode(.noise(width: 31, height: 20, using: &random), asPNG: true), seed: 6)
    }

    @Test("a smaller copy shows the same picture", arguments: [2, 4, 8])
    func smaller(denominator: Int) throws {
        let image = Image.gradient(width: 208, height: 96)
        let bytes = try ImageFile.encode(image, asPNG: false, quality: 95)
        try bytes.withRawBytes { buffer in
            let decoder = try ImageDecoder(buffer, name: "gradient")
            let size = decoder.size(denominator: denominator)
            #expect(size == (208 / denominator, 96 / denominator))
            let copy = try decoder.decode(PixelRect(width: size.width, height: size.height), denominator: denominator)
            let expected = try image.resized(width: size.width, height: size.height, interpolation: .area)
            #expect(copy.shareDiffering(from: expected, byMoreThan: 6) < 0.02)
        }
    }
}

@Suite("LinearResize")
struct LinearResizeTests {
    @Test("a part of a resized picture is that part of the whole, to the bit", arguments: UInt64(0)..<40)
    func parts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let image = Image.noise(width: .random(in: 1...90, using: &random), height: .random(in: 1...90, using: &random), using: &random)
        // Every fourth is half as large, where the rule is another one in some implementations.
        let (width, height) = seed % 4 == 0
            ? (max(image.width / 2, 1), max(image.height / 2, 1))
            : (Int.random(in: 1...120, using: &random), Int.random(in: 1...120, using: &random))
        let expected = try image.resized(width: width, height: height, interpolation: .linear)
        let resize = LinearResize(from: (image.width, image.height), to: (width, height))
        for _ in 0..<8 {
            let x0 = Int.random(in: 0..<width, using: &random)
            let y0 = Int.random(in: 0..<height, using: &random)
            let part = PixelRect(
                x0: x0, y0: y0, x1: .random(in: x0 + 1...width, using: &random), y1: .random(in: y0 + 1...height, using: &random))
            let needed = resize.source(for: part)
            #expect(try resize.render(image.cut(to: needed), at: needed, part) == expected.cut(to: part))
        }
    }
}

@Suite("What a mosaic shows")
struct MosaicSightTests {
    @Test("pixels out of sight have no influence", arguments: UInt64(0)..<60)
    func sight(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let transform = MosaicWarpTests.randomTransform(canvas: 128, destination: 64, seed: seed, using: &random)
        let warp = MosaicWarp(canvasWidth: 128, canvasHeight: 128, transform: transform, background: Color(gray: 114))
        let sight = warp.partInSight(width: 64, height: 64)
        #expect(PixelRect(width: 128, height: 128).contains(sight))
        let image = Image.noise(width: 128, height: 128, using: &random)
        func rendered(_ image: Image, _ place: PixelRect) -> Image {
            Image(width: 64, height: 64) { destination in
                image.withView { warp.render([.init(view: $0, x: place.x0, y: place.y0)], into: destination) }
            }
        }
        let whole = rendered(image, PixelRect(width: 128, height: 128))
        #expect(rendered(image.cut(to: sight), sight) == whole)
        // At least the larger scales show less than everything.
        let scale = transform.elements[0] * transform.elements[4] - transform.elements[1] * transform.elements[3]
        if transform.isAffine, scale > 1.5 { #expect(sight.width * sight.height < 128 * 128) }
    }

    @Test("through a transform without an inverse nothing is seen")
    func flat() {
        let warp = MosaicWarp(canvasWidth: 20, canvasHeight: 20, transform: .scale(x: 0, y: 1), background: Color(gray: 0))
        #expect(warp.partInSight(width: 10, height: 10).isEmpty)
    }
}
