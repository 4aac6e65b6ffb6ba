import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Built-in shapes")
struct ShapesDatasetTests {
    private func scenes(_ count: Int, seed: UInt64 = 0) -> [ShapeScene] {
        (0..<count).map { index in
            var random = SampleRandom(seed: seed, epoch: 0, index: index, stream: .shapes)
            return ShapeScene(size: 320, random: &random)
        }
    }

    @Test("outlines fit the circle of radius 1", arguments: ShapeKind.allCases)
    func outlines(kind: ShapeKind) throws {
        for degrees in stride(from: 0.0, to: 360, by: 15) {
            let bounds = try #require(kind.outline.rotated(degrees: degrees).bounds)
            #expect([bounds.x1, bounds.y1, bounds.x2, bounds.y2].allSatisfy { abs($0) < 1.001 })
            #expect(max(bounds.x2 - bounds.x1, bounds.y2 - bounds.y1) > 1.4)
        }
    }

    @Test("every picture holds 2 to 8 shapes of 18 to 120 pixels, none of them hidden")
    func scenes() {
        let scenes = scenes(256)
        #expect(Set(scenes.map(\.shapes.count)) == Set(2...8))
        #expect(Set(scenes.flatMap(\.shapes).map(\.kind)) == Set(ShapeKind.allCases))
        for scene in scenes {
            for (index, shape) in scene.shapes.enumerated() {
                let side = max(shape.box.width, shape.box.height)
                #expect(side > 17.99 && side < 120.01)
                #expect(shape.box == shape.box.clipped(toWidth: 320, height: 320))
                // The boxes above cover no more than 40 %, counted pixel by pixel.
                let above = scene.shapes[(index + 1)...].map(\.box)
                var (hidden, total) = (0, 0)
                for y in Int(shape.box.y1)..<Int(shape.box.y2) {
                    for x in Int(shape.box.x1)..<Int(shape.box.x2) {
                        total += 1
                        let place = (Float(x) + 0.5, Float(y) + 0.5)
                        if above.contains(where: { $0.x1...$0.x2 ~= place.0 && $0.y1...$0.y2 ~= place.1 }) { hidden += 1 }
                    }
                }
                #expect(Double(hidden) < 0.45 * Double(total))
            }
        }
    }

    @Test("a shape is drawn where its label says")
    func drawing() throws {
        for scene in scenes(8) {
            let image = try scene.draw()
            let empty = Image(width: 320, height: 320) { scene.background.paint(on: $0) }
            // The topmost shape is seen whole.
            let shape = try #require(scene.shapes.last)
            var seen: Box?
            for (offset, (pixel, ground)) in zip(image.pixels, empty.pixels).enumerated() where abs(Int(pixel) - Int(ground)) > 60 {
                let (x, y) = (Float(offset / 3 % 320), Float(offset / 3 / 320))
                guard shape.box.x1 - 1...shape.box.x2 ~= x, shape.box.y1 - 1...shape.box.y2 ~= y else { continue }
                let pixelBox = Box(x1: x, y1: y, x2: x + 1, y2: y + 1)
                seen = seen.map {
                    Box(x1: min($0.x1, pixelBox.x1), y1: min($0.y1, pixelBox.y1), x2: max($0.x2, pixelBox.x2), y2: max($0.y2, pixelBox.y2))
                } ?? pixelBox
            }
            let found = try #require(seen)
            #expect(abs(found.x1 - shape.box.x1) < 3 && abs(found.x2 - shape.box.x2) < 3)
            #expect(abs(found.y1 - shape.box.y1) < 3 && abs(found.y2 - shape.box.y2) < 3)
        }
    }

    @Test("the same seed writes the same bytes; the data set can be opened")
    func files() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ name: String, seed: UInt64) throws -> [String: Data] {
            var shapes = ShapesDataset(seed: seed)
            (shapes.trainingCount, shapes.validationCount) = (6, 3)
            let root = folder.appendingPathComponent(name).path
            #expect(try shapes.write(to: root) == root + "/shapes.yaml")
            var files: [String: Data] = [:]
            for file in try FileManager.default.subpathsOfDirectory(atPath: root) {
                files[file] = FileManager.default.contents(atPath: root + "/" + file)
            }
            return files
        }
        let first = try write("first", seed: 5)
        #expect(first.keys.count { $0.hasSuffix(".jpg") } == 9)
        #expect(try write("second", seed: 5) == first)
        let other = try write("third", seed: 6)
        #expect(other["images/train/0000.jpg"] != first["images/train/0000.jpg"])
        #expect(first["images/train/0000.jpg"] != first["images/val/0000.jpg"])

        let description = try DatasetDescription(contentsOf: folder.path + "/first/shapes.yaml")
        #expect(description.names == ["circle", "square", "triangle", "star", "cross", "ring"])
        let set = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
        #expect(set.imageCount == 6)
        #expect(set.foundCount == 6)
        #expect(set.labelCount >= 12)
        #expect(set.report.problems == [])
    }

    @Test("a folder that cannot be made is named")
    func unwritable() {
        let error = #expect(throws: DataError.self) { try ShapesDataset().write(to: "/dev/null/shapes") }
        #expect(error?.description.hasPrefix("/dev/null/shapes/images/train: the folder cannot be made") == true)
    }
}
