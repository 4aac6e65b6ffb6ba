import Foundation
import GoldenFixtures
import Testing

@testable import Imaging

/// The reference's pictures, made with OpenCV 4.11 in Python; versions differ by up to 2 levels.
@Suite("Golden pictures", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct GoldenImageTests {
    @Test("warps through the reference's matrices", arguments: [
        "translate_scale", "affine", "affine_segments", "border", "perspective", "perspective_segments",
    ])
    func warp(_ name: String) throws {
        let entry = try Fixtures.json("augment/augment")["random_perspective"][name]
        let matrix = try #require(try Fixtures.tensors("augment/augment")["random_perspective.\(name).matrix"])
        let source = try Image.golden(entry["in"].string)
        let expected = try Image.golden("random_perspective.\(name).png")
        let transform = Homography(matrix.shape == [2, 3] ? matrix.doubles + [0, 0, 1] : matrix.doubles)
        let result = Image(width: expected.width, height: expected.height) { destination in
            source.withView { $0.warp(into: destination, transform: transform, border: Color(gray: 114)) }
        }
        #expect(result.shareDiffering(from: expected, byMoreThan: 2) <= 0.005)
    }

    @Test("adjusts hue, saturation and value", arguments: ["low", "strong"])
    func hsv(_ name: String) throws {
        let entry = try Fixtures.json("augment/augment")["augment_hsv"][name]
        let gains = entry["gains"].doubles
        var image = try Image.golden(entry["in"].string)
        image.withMutableView {
            HSVAdjustment(hueGain: gains[0], saturationGain: gains[1], valueGain: gains[2]).apply(to: $0)
        }
        #expect(image.shareDiffering(from: try .golden("hsv.\(name).png"), byMoreThan: 2) == 0)
    }

    @Test("resizes", arguments: [
        ("shrink_augment", Interpolation.linear), ("shrink_plain", .area), ("shrink_plain_150", .area),
        ("grow_augment", .linear), ("grow_plain", .linear),
    ])
    func resize(_ name: String, interpolation: Interpolation) throws {
        let source = try Image.golden(try Fixtures.json("augment/augment")["load_image"][name]["in"].string)
        let expected = try Image.golden("load_image.\(name).png")
        let result = try source.resized(width: expected.width, height: expected.height, interpolation: interpolation)
        #expect(result.shareDiffering(from: expected, byMoreThan: 2) == 0)
    }

    @Test("decodes photographs to the size in their headers")
    func headers() throws {
        let folder = Fixtures.data.appendingPathComponent("coco128/images/train2017")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().prefix(20)
        #expect(!files.isEmpty)
        for file in files {
            let path = folder.appendingPathComponent(file).path
            let image = try ImageFile.decode(path)
            #expect(try ImageFile.size(path) == (image.width, image.height))
        }
    }
}
