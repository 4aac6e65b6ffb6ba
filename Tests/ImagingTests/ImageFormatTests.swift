import Foundation
import GoldenFixtures
import Testing

@testable import Imaging

@Suite("Image formats")
struct ImageFormatTests {
    /// What the reference's OpenCV (4.11, `imread` with its defaults) makes of a file of `Fixtures/formats`.
    struct Expected: Decodable {
        let width, height: Int
        /// Of red, green and blue.
        let sums: [Int]
        /// As [x, y, red, green, blue].
        let pixels: [[Int]]
    }

    static let expected: [String: Expected] = {
        let file = JPEGFixtures.folder.appendingPathComponent("formats/expected.json")
        return (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode([String: Expected].self, from: $0) } ?? [:]
    }()

    @Test("the expected pixels are there")
    func fixtures() { #expect(Self.expected.count == 22) }

    private func path(_ name: String) -> String { JPEGFixtures.folder.appendingPathComponent("formats/\(name)").path }

    @Test("every format gives the reference's pixels, and its size without decoding", arguments: expected.keys.sorted())
    func pixels(name: String) throws {
        let golden = try #require(Self.expected[name])
        let image = try ImageFile.decode(path(name))
        #expect((image.width, image.height) == (golden.width, golden.height))
        let check = try ImageFile.check(path(name))
        #expect((check.width, check.height) == (image.width, image.height))
        #expect(check.endsAsItShould)
        // Decoders of lossy formats may round differently.
        let tolerance = name.contains("jp") || name == "lossy.webp" || name == "two.mpo" ? 1 : 0
        for (component, sum) in golden.sums.enumerated() {
            let found = stride(from: component, to: image.pixels.count, by: 3).reduce(0) { $0 + Int(image.pixels[$1]) }
            #expect(abs(found - sum) <= tolerance * image.width * image.height)
        }
        for pixel in golden.pixels {
            for component in 0..<3 {
                let found = Int(image.pixels[3 * (pixel[1] * image.width + pixel[0]) + component])
                #expect(abs(found - pixel[2 + component]) <= tolerance)
            }
        }
    }

    @Test("the format is what the first bytes say", arguments: [
        ("cmyk.jpg", ImageFormat.jpeg), ("two.mpo", .mpo), ("rgb.bmp", .bmp), ("la.png", .png), ("lzw.tif", .tiff),
        ("rgba.webp", .webp), ("lossy.webp", .webp), ("unit.pfm", .pfm),
    ])
    func formats(name: String, format: ImageFormat) throws {
        #expect(try ImageFile.check(path(name)).format == format)
    }

    @Test("TIFF and WebP are turned upright too", arguments: 1...8)
    func orientation(orientation: Int) throws {
        let (width, height) = orientation >= 5 ? (4, 6) : (6, 4)
        let levels = (0..<24).map { UInt8(7 * $0) }
        let tags = [
            (0x0100, width), (0x0101, height), (0x0102, 8), (0x0103, 1), (0x0106, 1), (0x0112, orientation), (0x0115, 1),
            (0x0116, height), (0x0117, 24),
        ]
        let tiff = tiff(byteOrder: "II", entries: tags, pixels: levels)
        // The picture is 6 by 4 pixels in the WebP whatever its orientation: lossless, written by libwebp.
        let lossless = try #require(Data(base64Encoded: "UklGRigAAABXRUJQVlA4TBwAAAAvBcAAAM1kRP8Ditq2gforl/JneG0QImICQNcD"))
        let exif = exifBlock(orientation: orientation, byteOrder: "II")
        let extended: [UInt8] = [0x08, 0, 0, 0, 5, 0, 0, 3, 0, 0]
        let chunks = chunk("VP8X", extended) + lossless.dropFirst(12) + chunk("EXIF", exif)
        let webp = Array("RIFF".utf8) + littleEndian(chunks.count + 4) + Array("WEBP".utf8) + chunks

        for (bytes, storedWidth, storedHeight) in [(tiff, width, height), (webp, 6, 4)] {
            let size: (Int, Int) = orientation >= 5 ? (storedHeight, storedWidth) : (storedWidth, storedHeight)
            let image = try ImageFile.decode(bytes: bytes, name: "turned")
            #expect((image.width, image.height) == size)
            let header = try #require(ImageHeader(bytes))
            #expect(header.uprightSize == size)
            for y in 0..<size.1 {
                for x in 0..<size.0 {
                    let stored = Self.stored(x, y, size.0, size.1, orientation)
                    #expect(image.pixels[3 * (y * size.0 + x)] == levels[stored.y * storedWidth + stored.x])
                }
            }
        }
    }

    /// Where a pixel of an upright picture lies in the file. Source: Exif 2.3, 4.6.4.
    private static func stored(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ orientation: Int) -> (x: Int, y: Int) {
        let (right, bottom) = (width - 1 - x, height - 1 - y)
        return [(x, y), (right, y), (right, bottom), (x, bottom), (y, x), (y, right), (bottom, right), (bottom, x)][orientation - 1]
    }

    @Test("formats that are not read are named", arguments: [
        ("GIF", Array("GIF89a".utf8)), ("HEIF", [0, 0, 0, 24] + Array("ftypheic".utf8)), ("AVIF", [0, 0, 0, 24] + Array("ftypavif".utf8)),
        ("PNM", Array("P6\n1 1\n255\nabc".utf8)), ("PDF", Array("%PDF-1.4".utf8)), ("JPEG XL", [0xFF, 0x0A, 0, 0]),
    ])
    func unread(name: String, bytes: [UInt8]) throws {
        try withFile(bytes, "picture.jpg") { path in
            let reason = "it is a \(name), a format that is not read; convert it to JPEG or PNG"
            #expect(throws: ImagingError.undecodable(path: path, reason: reason)) { try ImageFile.check(path) }
            #expect(throws: ImagingError.undecodable(path: path, reason: reason)) { try ImageFile.decode(path) }
        }
    }

    @Test("raw data of a camera is refused with what to do")
    func rawData() throws {
        let tags = [
            (0x0100, 2), (0x0101, 1), (0x0102, 8), (0x0103, 1), (0x0106, 32803), (0x0115, 1), (0x0116, 1), (0x0117, 2),
        ]
        let bytes = tiff(byteOrder: "II", entries: tags, pixels: [1, 2])
        let error = try #require(throws: ImagingError.self) { try ImageFile.decode(bytes: bytes, name: "raw.dng") }
        #expect(error.description.contains("such as a camera's raw data; convert it to JPEG or PNG"))
    }

    @Test("whether a JPEG is whole", arguments: JPEGFixtures.names)
    func wholeness(name: String) throws {
        let whole = try JPEGFixtures.bytes(name)
        let cases: [(bytes: [UInt8], endsAsItShould: Bool, isWhole: Bool)] = [
            (whole, true, true), (whole.dropLast(2), false, false), (Array(whole.prefix(whole.count / 2)), false, false),
            (whole + [0, 0, 0], false, true), (whole.prefix(whole.count * 2 / 3) + [0xFF, 0xD9], true, false),
        ]
        for (bytes, endsAsItShould, isWhole) in cases {
            try withFile(bytes, "picture.jpg") { path in
                let check = try ImageFile.check(path)
                #expect((check.width, check.height) == (101, 75))
                #expect(check.endsAsItShould == endsAsItShould)
                let damage = try ImageFile.damage(ofJPEG: path)
                #expect((damage == nil) == isWhole)
            }
        }
    }

    @Test("metadata of any length come before the size of a JPEG")
    func longMetadata() throws {
        let whole = try JPEGFixtures.bytes("420")
        let comments = (0..<3).flatMap { _ in jpegSegment(0xFE, [UInt8](repeating: 7, count: 60_000)) }
        try withFile(whole.prefix(2) + comments + whole.dropFirst(2), "long.jpg") { path in
            let size = try ImageFile.size(path)
            #expect(size == (101, 75))
        }
    }

    @Test("a TIFF and a PNG whose directory or end lie far behind are read in place")
    func farAway() throws {
        let entries = [(0x0100, 300), (0x0101, 200), (0x0112, 6)]
        var bytes = tiff(byteOrder: "MM", entries: entries)
        let directory = Array(bytes[8...])
        bytes = bytes.prefix(4) + bigEndian(200_000, bytes: 4) + [UInt8](repeating: 0, count: 200_000 - 8) + directory
        try withFile(bytes, "far.tif") { path in
            let size = try ImageFile.size(path)
            #expect(size == (200, 300))
        }
        var random = SeededGenerator(seed: 5)
        let image = Image.noise(width: 200, height: 200, using: &random)
        let png = try ImageFile.encode(image, asPNG: true)
        #expect(png.count > 100_000)
        try withFile(png, "far.png") { path in
            let size = try ImageFile.size(path)
            #expect(size == (200, 200))
        }
        try withFile(png.dropLast(12), "short.png") { path in
            #expect(throws: ImagingError.undecodable(path: path, reason: "the PNG ends early")) { try ImageFile.size(path) }
        }
    }

    @Test("a damaged header of any format never traps", arguments: expected.keys.sorted())
    func damaged(name: String) throws {
        var random = SeededGenerator(seed: UInt64(name.utf8.reduce(0) { $0 + UInt64($1) }))
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<4 { bytes[.random(in: 2..<min(bytes.count, 120), using: &random)] = [0, 1, 127, 128, 255].randomElement(using: &random) ?? 0 }
            bytes = Array(bytes.prefix(.random(in: 0...bytes.count, using: &random)))
            if let header = ImageHeader(bytes) { #expect(header.width > 0 && header.height > 0) }
        }
    }

    private func withFile(_ bytes: some Sequence<UInt8>, _ name: String, _ body: (String) throws -> Void) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(name)
        try Data(Array(bytes)).write(to: file)
        try body(file.path)
    }

    private func littleEndian(_ value: Int) -> [UInt8] { bigEndian(value, bytes: 4).reversed() }

    private func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        Array(type.utf8) + littleEndian(content.count) + content + (content.count % 2 == 1 ? [0] : [])
    }
}
