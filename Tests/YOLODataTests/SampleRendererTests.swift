import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Samples against the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct SampleRendererTests {
    /// The mosaic that the recorded draws describe.
    private func mosaic(_ golden: JSON) -> AugmentationPlan.Mosaic {
        let center = golden["center_uniform"].doubles.map { Int($0) }
        let sources = golden["order_of_sources"].ints
        let sample = golden["calls"].array.first { $0["fn"].string == "random.sample" }
        return AugmentationPlan.Mosaic(
            layout: sources.count == 4
                ? MosaicLayout(.four(centerX: center[1], centerY: center[0]), sources: sources)
                : MosaicLayout(.nine(left: center[1], top: center[0]), sources: sources),
            pasted: sample?["result"].ints ?? [],
            perspective: PerspectiveParameters(golden["perspective_uniform"].doubles))
    }

    private func render(_ plan: AugmentationPlan, _ set: LabeledImageSet, size: Int = 192) throws -> (Image, [BoxLabel]) {
        let renderer = SampleRenderer(store: try ImageStore(set, imageSize: size, augments: true))
        var labels: [BoxLabel] = []
        let image = try Image(width: size, height: size) { labels = try renderer.render(plan, on: $0).labels }
        return (image, labels)
    }

    @Test("mosaic: picture and labels", arguments: [
        ("mosaic4.boxes", GoldenSources.Labels.boxes), ("mosaic4.segments", .segments), ("mosaic9.boxes", .boxes),
        ("mosaic9.segments", .segments), ("mosaic4.copy_paste", .segments),
    ])
    func mosaics(name: String, kind: GoldenSources.Labels) throws {
        let golden = try Fixtures.json("augment/mosaic")[name]
        let sources = try GoldenSources(kind)
        defer { sources.remove() }
        let (image, labels) = try render(AugmentationPlan(composition: .mosaic(mosaic(golden))), sources.images)
        #expect(try GoldenImages.matches(image, "\(name).out.png", outliers: 0.005))

        let expected = try #require(Fixtures.tensors("augment/mosaic")["\(name).labels_out"])
        let boxes = expected.rows.map { row in
            PlacedObject(classIndex: Int(row[0]), box: Box(x1: row[1], y1: row[2], x2: row[3], y2: row[4]))
        }
        #expect(agree(labels.map(\.row), boxes.map { $0.label(width: 192, height: 192).row }, tolerance: 1e-5))
    }

    @Test("the canvas of a mosaic, before the warp", arguments: [
        ("mosaic4.boxes", GoldenSources.Labels.boxes), ("mosaic9.boxes", .boxes), ("mosaic4.copy_paste", .segments),
    ])
    func canvas(name: String, kind: GoldenSources.Labels) throws {
        let golden = try Fixtures.json("augment/mosaic")[name]
        let sources = try GoldenSources(kind)
        defer { sources.remove() }
        // So small that the whole canvas is in sight: every tile is loaded, every object that is pasted is painted.
        var mosaic = mosaic(golden)
        mosaic.perspective = PerspectiveParameters()
        mosaic.perspective.scale = 0.4
        let store = try ImageStore(sources.images, imageSize: 192, augments: true)
        let scene = try SampleScene(mosaic, AugmentationPlan(composition: .mosaic(mosaic)), from: store)
        var canvas = Image(width: 1, height: 1)
        SampleScene.withTiles(of: [scene]) { tiles in
            canvas = scene.warp.canvas(PixelRect(width: 384, height: 384), of: tiles[0])
        }
        #expect(try GoldenImages.matches(canvas, "\(name).pre.png", tolerance: 0))
    }

    @Test("what is out of sight is neither loaded nor painted, and makes no difference")
    func sight() throws {
        let golden = try Fixtures.json("augment/mosaic")["mosaic4.copy_paste"]
        let sources = try GoldenSources(.segments)
        defer { sources.remove() }
        let store = try ImageStore(sources.images, imageSize: 192, augments: true)
        var mosaic = mosaic(golden)
        for scale in [0.6, 1, 3] {
            mosaic.perspective.scale = scale
            let plan = AugmentationPlan(composition: .mosaic(mosaic))
            let scene = try SampleScene(mosaic, plan, from: store)
            var whole = mosaic
            whole.perspective = PerspectiveParameters()
            whole.perspective.scale = 0.4
            let everything = try SampleScene(whole, plan, from: store)
            let (part, all) = try picture(of: scene, canvasOf: everything)
            #expect(part == all)
            #expect(scale < 3 || scene.tiles.count < everything.tiles.count)
        }
    }

    @Test("of an image that cannot be decoded nothing is labelled, nothing is pasted, and the rest stays")
    func damage() throws {
        let golden = try Fixtures.json("augment/mosaic")["mosaic4.copy_paste"]
        let plan = AugmentationPlan(composition: .mosaic(mosaic(golden)))
        var lost = 0
        for index in golden["order_of_sources"].ints {
            let sources = try GoldenSources(.segments)
            defer { sources.remove() }
            let intact = try render(plan, sources.images).1.map(\.row)
            let path = sources.images.images[index].path
            try Data("no picture".utf8).write(to: URL(fileURLWithPath: path))
            let renderer = SampleRenderer(store: try ImageStore(sources.images, imageSize: 192, augments: true))
            var result: (labels: [BoxLabel], damage: [DataError]) = ([], [])
            _ = try Image(width: 192, height: 192) { result = try renderer.render(plan, on: $0) }
            #expect(result.damage.count == 1)
            #expect("\(result.damage)".contains(path))
            #expect(result.labels.allSatisfy { intact.contains($0.row) })
            lost += intact.count - result.labels.count
        }
        // Each object that is seen, pasted or not, is lost with its own image.
        #expect(lost == 9)
    }

    @Test("a sample is the same from the cache and from disk, with everything that can be drawn")
    func cached() throws {
        let sources = try GoldenSources(.segments)
        defer { sources.remove() }
        var options = AugmentationOptions()
        (options.degrees, options.shear, options.perspective) = (10, 5, 0.0005)
        (options.mixup, options.copyPaste, options.mosaicOfNine) = (0.5, 0.5, 0.3)
        (options.cutout, options.albumentations, options.verticalFlip, options.mosaic) = (0.5, 1, 0.5, 0.9)
        let sets = try [ImageCacheSettings.none, .ram].map { cache in
            var data = TrainingDataOptions()
            (data.imageSize, data.batchSize, data.augmentation, data.seed, data.cache) = (128, 4, options, 1, cache)
            return try TrainingDataset(sources.images, data)
        }
        for epoch in 0..<6 {
            for index in 0..<9 {
                let samples = try sets.map { set in
                    var labels: [BoxLabel] = []
                    let image = try Image(width: 128, height: 128) { labels = try set.draw(index, epoch: epoch, on: $0).labels }
                    return (image, labels)
                }
                #expect(samples[0].0 == samples[1].0 && samples[0].1 == samples[1].1)
            }
        }
    }

    /// The scene as it is, and through its transform the whole canvas of another one.
    private func picture(of scene: SampleScene, canvasOf other: SampleScene) throws -> (Image, Image) {
        var (first, second) = (Image(width: 192, height: 192), Image(width: 192, height: 192))
        SampleScene.withTiles(of: [scene, other]) { tiles in
            first.withMutableView { scene.warp.render(tiles[0], into: $0) }
            second.withMutableView { scene.warp.render(tiles[1], into: $0) }
        }
        return (first, second)
    }

    @Test("whole samples without a mosaic", arguments: [("flips", 5, true), ("fliplr", 6, false)])
    func single(name: String, index: Int, flipsVertically: Bool) throws {
        let sources = try GoldenSources(.boxes)
        defer { sources.remove() }
        let plan = AugmentationPlan(
            composition: .single(image: index, PerspectiveParameters()), flipsVertically: flipsVertically, flipsHorizontally: true)
        let (image, labels) = try render(plan, sources.images)
        #expect(try GoldenImages.matches(image, "getitem.\(name).png", tolerance: 0))
        #expect(try agree(labels.map(\.row), golden(name), tolerance: 1e-5))
    }

    @Test("a whole sample with mosaic, mixup and colours")
    func everything() throws {
        let name = "mosaic_mixup_hsv_flip"
        let calls = try Fixtures.json("augment/mosaic")["getitem"][name]["calls"].array.map { $0["result"] }
        let sources = try GoldenSources(.segments)
        defer { sources.remove() }
        /// The mosaic drawn from call `first` on: centre, three more images, their order, perspective.
        func mosaic(_ first: Int) -> AugmentationPlan.Mosaic {
            AugmentationPlan.Mosaic(
                layout: MosaicLayout(
                    .four(centerX: Int(calls[first + 1].double), centerY: Int(calls[first].double)),
                    sources: calls[first + 3].ints),
                perspective: PerspectiveParameters(calls[(first + 4)..<(first + 12)].map(\.double)))
        }
        let gains = zip(calls[28].doubles, [0.015, 0.7, 0.4]).map { 1 + $0 * $1 }
        let plan = AugmentationPlan(
            composition: .mixup(mosaic(1), mosaic(15), ratio: calls[27].double),
            hsv: HSVGains(hue: gains[0], saturation: gains[1], value: gains[2]),
            flipsHorizontally: calls[30].double < 0.5)
        let (image, labels) = try render(plan, sources.images)
        #expect(try GoldenImages.matches(image, "getitem.\(name).png", outliers: 0.005))
        #expect(try agree(labels.map(\.row), golden(name), tolerance: 1e-5))
    }

    @Test("a validation sample: letterboxed, not enlarged, with the mapping back")
    func validation() throws {
        let sources = try GoldenSources(.boxes)
        defer { sources.remove() }
        // A training size of 224 makes the picture of 192 by 127 pixels one of 224 by 148.
        let dataset = try ValidationDataset(sources.images, imageSize: 224, batchSize: 1, padding: 0)
        var sample: Sample?
        let image = try Image(width: 224, height: 224) { sample = try dataset.draw(1, epoch: 0, on: $0) }
        #expect(try GoldenImages.matches(image, "getitem.plain224.png"))
        #expect(try agree(sample?.labels.map(\.row) ?? [], golden("plain224"), tolerance: 1e-5))
        let mapping = try #require(sample?.source.mapping)
        let shapes = try Fixtures.json("augment/mosaic")["getitem"]["plain224"]["shapes"]
        #expect([mapping.imageHeight, mapping.imageWidth] == shapes[0].ints)
        #expect(mapping.gain == shapes[1][0][0].float)
        #expect([mapping.left, mapping.top] == shapes[1][1].floats)
    }

    private func golden(_ name: String) throws -> [[Float]] {
        // The first column is the place in the batch.
        try #require(Fixtures.tensors("augment/mosaic")["getitem.\(name).labels"]).rows.map { Array($0[1...]) }
    }
}

extension BoxLabel {
    var row: [Float] { [Float(classIndex), box.centerX, box.centerY, box.width, box.height] }
}
