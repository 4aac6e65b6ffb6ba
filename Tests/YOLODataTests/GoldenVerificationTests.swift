import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Images with labels against the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct GoldenVerificationTests {
    /// The pairs whose image is not a plain one.
    private static let specialImages: Set = [
        "png_image", "tiny_9x9", "image_10x10", "jpeg_without_end_marker", "jpeg_truncated_half", "jpeg_trailing_bytes",
        "not_an_image", "zero_byte_image", "gif_named_jpg", "missing_image", "exif_rotated", "grayscale",
    ]

    @Test("every pair of image and labels is kept or dropped, counted and read as by the reference, and no image is changed")
    func pairs() throws {
        let cases = try Fixtures.json("verify")["cases"].array
        #expect(cases.count == 37)
        #expect(Self.specialImages.isSubset(of: cases.map { $0["case"].string }))
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for golden in cases {
            let name = golden["case"].string
            let image = folder.appendingPathComponent(golden["file"].string), label = folder.appendingPathComponent("\(name).txt")
            let bytes = try imageBytes(of: name).map { Data($0) }
            try bytes?.write(to: image)
            if golden["label_text"].exists {
                try golden["label_text"].string.write(to: label, atomically: true, encoding: .utf8)
            }
            let check = ImageCheck(imagePath: image.path, labelPath: label.path, classCount: nil, policy: .reference)
            #expect(check.isUsable == golden["kept"].bool, "\(name)")
            var progress = ScanProgress(name: "", total: 1)
            progress.count(check.labels, isUsable: check.isUsable)
            #expect(
                [progress.missing, progress.found, progress.empty, progress.corrupt]
                    == ["missing", "found", "empty", "corrupt"].map { golden[$0].int }, "\(name)")
            // What is wrong is said where the reference says it; that repeated rows and rewritten files are no losses, too.
            #expect(check.problems.isEmpty == (golden["message"].string.isEmpty || golden["image_rewritten"].bool), "\(name)")
            #expect((try? Data(contentsOf: image)) == bytes, "\(name)")
            guard golden["kept"].bool else { continue }
            #expect([check.width, check.height] == golden["shape_wh"].ints, "\(name)")
            let rows = golden["labels"].array.map(\.floats)
            // A class is a whole number here.
            #expect(check.objects.map(\.row) == rows.map { [$0[0].rounded(.down)] + $0[1...] }, "\(name)")
            let segments = golden["segments"].array.map { $0.array.map { SIMD2($0[0].float, $0[1].float) } }
            #expect(check.objects.compactMap(\.polygon?.points) == segments, "\(name)")
        }
    }

    /// The bytes of the image that the reference was given; nil where there was none.
    private func imageBytes(of name: String) throws -> [UInt8]? {
        let jpeg = try encoded(width: 60, height: 40, "jpg")
        return switch name {
        case "png_image": try encoded(width: 60, height: 40, "png")
        case "tiny_9x9": try encoded(width: 9, height: 9, "jpg")
        case "image_10x10": try encoded(width: 10, height: 10, "jpg")
        case "jpeg_without_end_marker": jpeg.dropLast(2)
        case "jpeg_truncated_half": Array(jpeg.prefix(jpeg.count / 2))
        case "jpeg_trailing_bytes": jpeg + [0, 0, 0]
        case "not_an_image": Array("hello".utf8)
        case "zero_byte_image": []
        case "gif_named_jpg": Array("GIF89a".utf8) + [60, 0, 40, 0, 0, 0, 0, 0x3B]
        case "missing_image": nil
        case "exif_rotated": turned(jpeg)
        case "grayscale": Self.grayJPEG
        default: jpeg
        }
    }

    /// Noise, as the reference was given: an even picture would have nothing to lose at its end.
    private func encoded(width: Int, height: Int, _ suffix: String) throws -> [UInt8] {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var image = Image(width: width, height: height)
        var random = SampleRandom(seed: 0, epoch: 0, index: 0, stream: .shapes)
        image.withMutableView { view in
            for y in 0..<height { for x in 0..<width { view[x, y] = Color(gray: .random(in: 0...254, using: &random)) } }
        }
        let path = folder.appendingPathComponent("image.\(suffix)").path
        try ImageFile.write(image, to: path, quality: 90)
        return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// With an EXIF block of one entry: orientation (0x0112) 6, a quarter turn.
    private func turned(_ jpeg: [UInt8]) -> [UInt8] {
        let exif: [UInt8] = Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        return jpeg[..<2] + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + jpeg[2...]
    }

    /// 60 by 40 pixels of one component.
    private static let grayJPEG = Array(
        Data(
            base64Encoded: "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYU"
                + "GBIUFRT/wAALCAAoADwBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG"
                + "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJ"
                + "ipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APGqKKKKKKKK"
                + "KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK//9k=") ?? Data())
}
