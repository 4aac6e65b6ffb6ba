import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Images that may not be usable")
struct ImageCheckTests {
    private static let label = "0 0.5 0.5 0.2 0.2\n"

    /// Checks an image file of the given bytes, beside a label file.
    private func check(_ bytes: [UInt8], name: String, policy: LabelPolicy = .rows) throws -> ImageCheck {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = folder.appendingPathComponent(name)
        let label = folder.appendingPathComponent("label.txt")
        try Data(bytes).write(to: image)
        try Self.label.write(to: label, atomically: true, encoding: .utf8)
        let check = ImageCheck(imagePath: image.path, labelPath: label.path, classCount: 1, policy: policy)
        #expect(try Data(contentsOf: image) == Data(bytes), "a check never changes a file")
        return check
    }

    private func bytes(width: Int, height: Int, suffix: String) throws -> [UInt8] {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("image.\(suffix)").path
        try ImageFile.write(Image(width: width, height: height, filledWith: Color(gray: 90)), to: path)
        return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test("images of ten pixels and more are read from their headers", arguments: ["jpg", "png"])
    func usable(suffix: String) throws {
        for (width, height) in [(60, 40), (10, 10)] {
            let check = try check(bytes(width: width, height: height, suffix: suffix), name: "a.\(suffix)")
            #expect((check.width, check.height) == (width, height))
            #expect(check.isUsable && check.objects.count == 1)
            #expect(check.problems == [])
        }
    }

    @Test("an image turned by its EXIF block has the size that is seen")
    func exif() throws {
        // APP1 with one entry: orientation (0x0112) 6, a quarter turn.
        let exif: [UInt8] = Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        let jpeg = try bytes(width: 60, height: 40, suffix: "jpg")
        let turned = jpeg[..<2] + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + jpeg[2...]
        let check = try check(Array(turned), name: "a.jpg")
        #expect((check.width, check.height) == (40, 60))
    }

    @Test("bytes after the end of a JPEG do no harm")
    func trailingBytes() throws {
        #expect(try check(bytes(width: 60, height: 40, suffix: "jpg") + [0, 0, 0], name: "a.jpg").isUsable)
    }

    @Test("a PNG that ends early is dropped, bytes after its end do no harm")
    func truncatedPNG() throws {
        let png = try bytes(width: 60, height: 40, suffix: "png")
        for cut in [1, 12, 40] {
            let check = try check(png.dropLast(cut), name: "cut.png")
            #expect(check.problems.map(\.description).first?.hasSuffix("cut.png: cannot be decoded: the PNG ends early") == true)
            #expect(!check.isUsable)
        }
        #expect(try check(png + [0, 0, 0], name: "a.png").isUsable)
    }

    @Test("what is no image is dropped by name, its labels unread", arguments: ["hello", "", "GIF89a"])
    func unusable(content: String) throws {
        let check = try check(Array(content.utf8), name: "broken.jpg")
        #expect(!check.isUsable)
        #expect(check.labels == .unread)
        #expect(check.problems.first?.file.hasSuffix("broken.jpg") == true)
    }

    @Test("tiny images are dropped")
    func tiny() throws {
        let check = try check(bytes(width: 9, height: 9, suffix: "jpg"), name: "tiny.jpg")
        #expect(!check.isUsable)
        #expect(check.problems.first?.description.hasSuffix("tiny.jpg: the image is 9 by 9 pixels; at least 10 by 10 are needed") == true)
    }

    @Test("a missing image is dropped")
    func missing() {
        let check = ImageCheck(imagePath: "/nowhere/a.jpg", labelPath: "/nowhere/a.txt", classCount: nil, policy: .rows)
        #expect(!check.isUsable)
        #expect(check.problems.map(\.file) == ["/nowhere/a.jpg"])
    }
}
