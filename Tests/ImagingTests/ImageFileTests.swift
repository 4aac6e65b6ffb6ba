import Foundation
import GoldenFixtures
import Testing

@testable import Imaging

@Suite("ImageFile")
struct ImageFileTests {
    @Test("a PNG gives back the pixels that went in, and its size without decoding")
    func png() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var random = SeededGenerator(seed: 1)
        let image = Image.noise(width: 37, height: 23, using: &random)
        let path = folder.appendingPathComponent("été 画像.png").path
        try ImageFile.write(image, to: path)
        #expect(try ImageFile.decode(path) == image)
        #expect(try ImageFile.size(path) == (37, 23))
    }

    @Test("a JPEG gives back nearly the pixels that went in")
    func jpeg() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = Image.gradient(width: 64, height: 48)
        let path = folder.appendingPathComponent("gradient.JPG").path
        try ImageFile.write(image, to: path, quality: 100)
        #expect(try ImageFile.decode(path).shareDiffering(from: image, byMoreThan: 8) == 0)
        #expect(try ImageFile.size(path) == (64, 48))
    }

    /// Where the pixel at (`x`, `y`) of an upright 6 x 4 picture lies in the file, by orientation. Source: Exif 2.3, 4.6.4.
    static let storedPlaces: [@Sendable (_ x: Int, _ y: Int) -> (x: Int, y: Int)] = [
        { ($0, $1) }, { (5 - $0, $1) }, { (5 - $0, 3 - $1) }, { ($0, 3 - $1) },
        { ($1, $0) }, { ($1, 5 - $0) }, { (3 - $1, 5 - $0) }, { (3 - $1, $0) },
    ]

    @Test("turns a picture upright as its EXIF orientation says", arguments: 1...8, ["II", "MM"])
    func orientation(_ orientation: Int, byteOrder: String) throws {
        let exif = exifBlock(orientation: orientation, byteOrder: byteOrder)
        let (width, height) = orientation >= 5 ? (4, 6) : (6, 4)
        // Cells of whole JPEG blocks, which keep their grey.
        let stored = cells(width: width, height: height) { x, y in Color(gray: UInt8(7 * (x + 6 * y))) }
        let upright = cells(width: 6, height: 4) { x, y in
            let place = Self.storedPlaces[orientation - 1](x, y)
            return Color(gray: UInt8(7 * (place.x + 6 * place.y)))
        }
        let jpeg = try ImageFile.encode(stored, asPNG: false)
        let jpegWithEXIF = jpeg.prefix(2) + jpegSegment(0xE1, Array("Exif\0\0".utf8) + exif) + jpeg.dropFirst(2)
        let png = try ImageFile.encode(stored, asPNG: true)
        let pngWithEXIF = png.prefix(33) + pngChunk("eXIf", exif) + png.dropFirst(33)  // after IHDR

        for (bytes, tolerance) in [(Array(jpegWithEXIF), 2), (Array(pngWithEXIF), 0)] {
            let image = try ImageFile.decode(bytes: bytes, name: "turned")
            #expect(image.shareDiffering(from: upright, byMoreThan: tolerance) == 0)
            #expect(try #require(ImageHeader(bytes)).uprightSize == (image.width, image.height))
        }
    }

    @Test("grey, 16-bit and transparent pictures become 8-bit RGB", arguments: [
        // PNG colour type, bit depth, bytes of the one pixel, its colour.
        (UInt8(0), UInt8(8), [UInt8(200)], Color(gray: 200)),
        (0, 16, [200, 7], Color(gray: 200)),
        (2, 16, [10, 0, 20, 0, 30, 0], Color(red: 10, green: 20, blue: 30)),
        (4, 8, [90, 0], Color(gray: 90)),
        (6, 8, [10, 20, 30, 0], Color(red: 10, green: 20, blue: 30)),
    ])
    func otherPixels(colorType: UInt8, depth: UInt8, pixel: [UInt8], expected: Color) throws {
        let scanline = [0] + pixel
        let header: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 1, depth, colorType, 0, 0, 0]
        let bytes: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + pngChunk("IHDR", header)
            + pngChunk("IDAT", storedZlib(scanline)) + pngChunk("IEND", [])
        let image = try ImageFile.decode(bytes: bytes, name: "one.png")
        #expect(image == Image(width: 1, height: 1, filledWith: expected))
    }

    @Test("a grey JPEG becomes RGB")
    func grayJPEG() throws {
        // 8 x 8 pixels of one grey, baseline, with one DC and one AC code: written by hand from ITU T.81.
        let table = [UInt8](repeating: 1, count: 64)
        var bytes: [UInt8] = [0xFF, 0xD8]
        bytes += jpegSegment(0xDB, [0] + table)
        bytes += jpegSegment(0xC0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0])
        bytes += jpegSegment(0xC4, [0x00, 1] + [UInt8](repeating: 0, count: 15) + [0])  // DC: "0" is a difference of no bits
        bytes += jpegSegment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0])  // AC: "0" is the end of the block
        bytes += jpegSegment(0xDA, [1, 1, 0x00, 0, 63, 0]) + [0b0011_1111, 0xFF, 0xD9]
        let image = try ImageFile.decode(bytes: bytes, name: "gray.jpg")
        #expect(image == Image(width: 8, height: 8, filledWith: Color(gray: 128)))
    }

    @Test("BMP, WebP and TIFF are read too", arguments: [
        "Qk0+AAAAAAAAADYAAAAoAAAAAgAAAAEAAAABABgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHhQKyGQyAAA=",
        "UklGRiIAAABXRUJQVlA4TBYAAAAvAQAAAA9wCqgroNxDdf4DDxWI6H8A",
        """
        SUkqAA4AAAAKFB4yZMgLAAABAwABAAAAAgAAAAEBAwABAAAAAQAAAAIBAwADAAAAmAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAgAAABEBBAAB\
        AAAACAAAABUBAwABAAAAAwAAABYBAwABAAAAAQAAABcBBAABAAAABgAAABwBAwABAAAAAQAAAFMBAwADAAAAngAAAAAAAAAIAAgACAABAAEAAQA=
        """,
    ])
    func otherFormats(base64: String) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("two pixels").path
        try #require(Data(base64Encoded: base64)).write(to: URL(fileURLWithPath: path))
        #expect(try ImageFile.decode(path) == Image(width: 2, height: 1, pixels: [10, 20, 30, 50, 100, 200]))
        #expect(try ImageFile.size(path) == (2, 1))
    }

    @Test("a JPEG that ends early is decoded as far as it goes")
    func truncated() throws {
        var random = SeededGenerator(seed: 2)
        let image = Image.noise(width: 64, height: 64, using: &random)
        let bytes = try ImageFile.encode(image, asPNG: false)
        let whole = try ImageFile.decode(bytes: bytes, name: "whole.jpg")
        let half = try ImageFile.decode(bytes: Array(bytes.prefix(bytes.count / 2)), name: "half.jpg")
        #expect((half.width, half.height) == (64, 64))
        let certain = 64 * 3 * 8  // bytes of the first blocks' upper rows, which depend on nothing below
        let beginsTheSame = half.pixels.prefix(certain) == whole.pixels.prefix(certain)
        let endsTheSame = half.pixels.suffix(certain) == whole.pixels.suffix(certain)
        #expect(beginsTheSame && !endsTheSame)
    }

    @Test("what is no picture is an error that names the file", arguments: [
        ("empty.jpg", [UInt8]()), ("text.jpg", Array("not a picture".utf8)), ("start.jpg", [0xFF, 0xD8, 0xFF]),
        ("start.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        ("huge.jpg", [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0]),
        ("huge.png", ImageHeader.pngSignature + pngChunk("IHDR", [UInt8](repeating: 0xFF, count: 8) + [8, 2, 0, 0, 0])),
    ])
    func noPicture(name: String, bytes: [UInt8]) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent(name).path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: ImagingError.self) { try ImageFile.decode(path) }
        #expect(error.description.hasPrefix("'\(path)' cannot be decoded: "))
        #expect(!error.description.hasSuffix(": "))
        #expect(throws: error) { try ImageFile.size(path) }
    }

    @Test("a damaged file never traps, and its header and its pixels agree", arguments: UInt64(0)..<200)
    func damaged(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let exif = Array("Exif\0\0".utf8) + exifBlock(orientation: 6, byteOrder: "II")
        let whole = try ImageFile.encode(.gradient(width: 20, height: 10), asPNG: false)
        var bytes = Array(whole.prefix(2) + jpegSegment(0xE1, exif) + whole.dropFirst(2))
        for _ in 0..<4 { bytes[.random(in: 2..<bytes.count, using: &random)] = .random(in: 0...255, using: &random) }
        bytes = Array(bytes.prefix(.random(in: bytes.count / 4...bytes.count, using: &random)))
        let header = ImageHeader(bytes)
        if let image = try? ImageFile.decode(bytes: bytes, name: "damaged.jpg") {
            #expect(try #require(header).uprightSize == (image.width, image.height))
        }
    }

    @Test("a damaged PNG header never traps", arguments: UInt64(0)..<200)
    func damagedPNGHeader(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let whole = try ImageFile.encode(.gradient(width: 20, height: 10), asPNG: true)
        var bytes = Array(whole.prefix(33) + pngChunk("eXIf", exifBlock(orientation: 6, byteOrder: "MM")) + whole.dropFirst(33))
        #expect(try #require(ImageHeader(bytes)).uprightSize == (10, 20))
        for _ in 0..<4 { bytes[.random(in: 8..<90, using: &random)] = .random(in: 0...255, using: &random) }
        if let header = ImageHeader(bytes) { #expect(header.width > 0 && header.height > 0) }
    }

    @Test("a missing file, a folder and a place that cannot be written are named")
    func places() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let missing = folder.appendingPathComponent("missing.jpg").path
        #expect(throws: ImagingError.unreadable(path: missing, reason: "No such file or directory")) { try ImageFile.size(missing) }
        #expect(throws: ImagingError.unreadable(path: folder.path, reason: "it is a folder")) { try ImageFile.decode(folder.path) }
        let nowhere = folder.appendingPathComponent("no/such/folder.png").path
        let error = try #require(throws: ImagingError.self) { try ImageFile.write(.gradient(width: 2, height: 2), to: nowhere) }
        #expect(error.description.hasPrefix("'\(nowhere)' cannot be written: "))
    }
}

// MARK: Files by hand

/// A picture of 16 x 16 pixel cells.
private func cells(width: Int, height: Int, color: (_ x: Int, _ y: Int) -> Color) -> Image {
    Image(width: 16 * width, height: 16 * height) { view in
        for y in 0..<height {
            for x in 0..<width { view.part(x: 16 * x, y: 16 * y, width: 16, height: 16).fill(color(x, y)) }
        }
    }
}

private func pngChunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    var crc: UInt32 = ~0
    for byte in body {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
    }
    return bigEndian(content.count, bytes: 4) + body + bigEndian(Int(~crc), bytes: 4)
}

/// A zlib stream of one uncompressed block.
private func storedZlib(_ content: [UInt8]) -> [UInt8] {
    var (low, high) = (1, 0)
    for byte in content {
        low = (low + Int(byte)) % 65521
        high = (high + low) % 65521
    }
    let count = content.count
    let length = [UInt8(count & 255), UInt8(count >> 8)]
    return [0x78, 0x01, 1] + length + length.map { ~$0 } + content + bigEndian(high << 16 | low, bytes: 4)
}
