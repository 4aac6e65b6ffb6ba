import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Augmentation against the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct AugmentationTests {
    @Test("random perspective: matrix, picture and labels", arguments: [
        "identity", "translate_scale", "affine", "perspective", "affine_segments", "perspective_segments", "border",
    ])
    func perspective(name: String) throws {
        let golden = try Fixtures.json("augment/augment")["random_perspective"][name]
        let tensors = try Fixtures.tensors("augment/augment")
        let key = "random_perspective.\(name)"
        let source = try GoldenImages.load(golden["in"].string)
        let width = source.width + 2 * golden["border"][1].int
        let height = source.height + 2 * golden["border"][0].int
        let parameters = PerspectiveParameters(golden["uniform"].doubles)
        let transform = parameters.transform(
            sourceWidth: source.width, sourceHeight: source.height, outputWidth: width, outputHeight: height)

        let matrix = try golden["warped"].bool ? #require(tensors["\(key).matrix"]).doubles : Homography.identity.elements
        #expect(zip(transform.elements, matrix).allSatisfy { abs($0 - $1) <= 1e-9 })

        let output = Image(width: width, height: height) { view in
            source.withView { $0.warp(into: view, transform: transform, border: Letterbox.gray) }
        }
        #expect(try GoldenImages.matches(output, "\(key).png", outliers: 0.005))

        let objects = try #require(tensors["\(key).targets_in"]).rows.enumerated().map { index, row in
            let segment = tensors["\(key).segment_in\(index)"]
            return PlacedObject(
                classIndex: Int(row[0]), box: Box(x1: row[1], y1: row[2], x2: row[3], y2: row[4]),
                polygon: segment.map { Polygon(points: $0.rows.map { SIMD2($0[0], $0[1]) }) })
        }
        let warp = ObjectWarp(transform: transform, scale: parameters.scale, width: width, height: height)
        let warped = warp(objects).map { [Float($0.classIndex), $0.box.x1, $0.box.y1, $0.box.x2, $0.box.y2] }
        #expect(agree(warped, try #require(tensors["\(key).targets_out"]).rows, tolerance: 1e-3))
    }

    @Test("boxes of which too little is left are dropped")
    func boxCandidates() throws {
        let tensors = try Fixtures.tensors("augment/augment")
        func boxes(_ name: String) throws -> [Box] {
            let columns = try #require(tensors[name])
            return (0..<columns.shape[1]).map { index in
                Box(x1: columns.row(0)[index], y1: columns.row(1)[index], x2: columns.row(2)[index], y2: columns.row(3)[index])
            }
        }
        let pairs = zip(try boxes("box_candidates.box1"), try boxes("box_candidates.box2"))
        for (name, threshold) in [("default", 0.1), ("area0.01", 0.01)] {
            let kept = pairs.map { ObjectWarp.isVisible($1, before: $0, areaThreshold: threshold) }
            #expect(kept == (try #require(tensors["box_candidates.\(name)"]).bools))
            #expect(Set(kept).count == 2)
        }
    }

    @Test("hue, saturation and value", arguments: ["low", "strong"])
    func hsv(name: String) throws {
        let golden = try Fixtures.json("augment/augment")["augment_hsv"][name]
        let gains = HSVGains(hue: golden["gains"][0].double, saturation: golden["gains"][1].double, value: golden["gains"][2].double)
        var image = try GoldenImages.load(golden["in"].string)
        image.withMutableView { gains.adjustment.apply(to: $0) }
        #expect(try GoldenImages.matches(image, "hsv.\(name).png"))
    }

    @Test("mixup shows two pictures through each other")
    func mixup() throws {
        let golden = try Fixtures.json("augment/augment")["mixup"]
        let (first, second) = (try GoldenImages.load("mixup.in0.png"), try GoldenImages.load("mixup.in1.png"))
        let warp = MosaicWarp(
            canvasWidth: first.width, canvasHeight: first.height, transform: .identity, background: Letterbox.gray)
        let image = Image(width: first.width, height: first.height) { view in
            first.withView { first in
                second.withView { second in
                    let mixture = MosaicWarp.Mixture(
                        warp: warp, tiles: [.init(view: second, x: 0, y: 0)], share: golden["ratio"].double)
                    warp.render([.init(view: first, x: 0, y: 0)], into: view, mixture: mixture)
                }
            }
        }
        #expect(try GoldenImages.matches(image, "mixup.out.png", tolerance: 0))
    }

    @Test("images are brought to the training size", arguments: [
        "shrink_augment", "shrink_plain", "shrink_plain_150", "grow_plain", "grow_augment",
    ])
    func loadImage(name: String) throws {
        let golden = try Fixtures.json("augment/augment")["load_image"][name]
        let path = GoldenImages.path(golden["in"].string)
        let description = DatasetDescription(file: "golden", train: [], validation: [], names: ["one"])
        let list = try Fixtures.temporaryFolder().appendingPathComponent("list.txt")
        defer { try? FileManager.default.removeItem(at: list.deletingLastPathComponent()) }
        try path.write(to: list, atomically: true, encoding: .utf8)
        let set = try LabeledImageSet([list.path], of: description, name: "one", requiresLabels: false)
        #expect([set.images[0].height, set.images[0].width] == golden["hw0"].ints)
        for cache in [ImageCacheSettings.none, .ram] {
            let store = try ImageStore(set, imageSize: golden["img_size"].int, augments: golden["augment"].bool, cache: cache)
            let image = try store.load(0).image
            #expect([image.height, image.width] == golden["hw"].ints)
            #expect([store.size(0).height, store.size(0).width] == golden["hw"].ints)
            #expect(try GoldenImages.matches(image, "load_image.\(name).png"))
        }
    }
}

@Suite("Augmentation options")
struct AugmentationOptionsTests {
    @Test("values out of range are refused under their key")
    func ranges() throws {
        func message(_ change: (inout AugmentationOptions) -> Void) -> String? {
            var options = AugmentationOptions()
            change(&options)
            return #expect(throws: DataError.self) { try options.validate() }?.description
        }
        try AugmentationOptions().validate()
        try AugmentationOptions.none.validate()
        #expect(message { $0.mosaic = 1.5 } == "mosaic is 1.5, allowed is 0 to 1")
        #expect(message { $0.scale = 1.25 } == "scale is 1.25, allowed is 0 to 1")
        #expect(message { $0.shear = 91 } == "shear is 91.0, allowed is 0 to 90")
        #expect(message { $0.perspective = 0.1 } == "perspective is 0.1, allowed is 0 to 0.001")
        #expect(message { $0.hue = .nan }?.hasPrefix("hsv_h is nan") == true)
        #expect(message { $0.copyPaste = 2 } == "copy_paste is 2.0, allowed is 0 to 1")
        #expect(message { $0.mosaicOfNine = -1 } == "mosaic9 is -1.0, allowed is 0 to 1")
        #expect(message { $0.cutout = .infinity } == "cutout is inf, allowed is 0 to 1")
        #expect(message { $0.albumentations = 1.01 } == "albumentations is 1.01, allowed is 0 to 1")
    }

    @Test("the ends of the ranges are allowed: a flattened picture is gray and has no objects")
    func flattened() throws {
        var options = AugmentationOptions()
        (options.scale, options.shear, options.translate, options.degrees) = (1, 90, 1, 180)
        try options.validate()

        var perspective = PerspectiveParameters()
        perspective.scale = 0
        let transform = perspective.transform(sourceWidth: 64, sourceHeight: 64, outputWidth: 32, outputHeight: 32)
        let source = Image(width: 64, height: 64, filledWith: Color(gray: 7))
        let output = Image(width: 32, height: 32) { view in
            source.withView { $0.warp(into: view, transform: transform, border: Letterbox.gray) }
        }
        #expect(output == Image(width: 32, height: 32, filledWith: Letterbox.gray))
        let whole = PlacedObject(classIndex: 0, box: Box(x1: 0, y1: 0, x2: 64, y2: 64))
        #expect(ObjectWarp(transform: transform, scale: 0, width: 32, height: 32)([whole]) == [])
    }
}
