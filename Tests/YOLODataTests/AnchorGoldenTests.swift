import Detection
import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

@Suite("Anchors of the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct AnchorGoldenTests {
    /// In the reference's order of the images, which is by shape for validation.
    private func labels(_ split: String) throws -> LabelSizes {
        let description = try DatasetDescription(contentsOf: Fixtures.data.appendingPathComponent("coco128.yaml").path)
        let sources = split == "train" ? description.train : description.validation
        let set = try LabeledImageSet(sources, of: description, name: split, requiresLabels: true)
        guard split == "val" else { return LabelSizes(of: set, imageSize: 640) }
        let images = Dictionary(uniqueKeysWithValues: set.images.map { (($0.path as NSString).lastPathComponent, $0) })
        let ordered = try Fixtures.json("dataset")["val_rect"]["order"].strings.map { name in
            let image = try #require(images[name])
            return LabelSizes.Image(
                path: image.path, width: image.width, height: image.height,
                boxes: image.objects.map { BoxSize(width: $0.box.width, height: $0.box.height) })
        }
        return LabelSizes(ordered, imageSize: 640)
    }

    private func sizes(_ tensor: GoldenTensor?) throws -> [BoxSize] {
        try #require(tensor).rows.map { BoxSize(width: $0[0], height: $0[1]) }
    }

    private func difference(_ sizes: [BoxSize], _ expected: [BoxSize]) -> Float {
        zip(sizes, expected).map { max(abs($0.width - $1.width), abs($0.height - $1.height)) }.max() ?? .infinity
    }

    @Test("sizes, recall, anchors per label and fitness are the reference's", arguments: ["train", "val"])
    func metric(split: String) throws {
        let golden = try Fixtures.json("dataset")["autoanchor.\(split)"]
        let tensors = try Fixtures.tensors("dataset")
        let labels = try labels(split)
        let expected = try sizes(tensors["autoanchor.\(split).wh"])
        #expect(labels.sizes.count == expected.count)
        #expect(difference(labels.sizes, expected) < 1e-3)
        let scaled = labels.scaled(by: try #require(tensors["autoanchor.\(split).scale"]).doubles)
        #expect(difference(scaled, try sizes(tensors["autoanchor.\(split).wh_scaled"])) < 1e-3)

        let anchors = try sizes(tensors["anchors_px"])
        let fit = AnchorMetric(labels.sizes, ratioLimit: 4).fit(of: anchors)
        #expect(abs(fit.bestPossibleRecall - golden["bpr"].double) < 1e-6)
        #expect(abs(fit.anchorsPerLabel - golden["aat"].double) < 1e-6)
        #expect(abs(fit.fitness - golden["fitness"].double) < 1e-6)
        let scaledFit = AnchorMetric(scaled, ratioLimit: 4).fit(of: anchors)
        #expect(abs(scaledFit.bestPossibleRecall - golden["bpr_scaled"].double) < 1e-6)
        #expect(abs(scaledFit.anchorsPerLabel - golden["aat_scaled"].double) < 1e-6)

        let check = try AnchorCheck(anchors, for: labels, count: 9, ratioLimit: 4, seed: 0)
        #expect(check.replacement == nil && check.summary.hasSuffix("they fit the data"))
    }

    @Test("evolved anchors are fitter than the reference's, whatever the seed", arguments: 0..<8)
    func evolution(seed: Int) throws {
        let golden = try Fixtures.json("dataset")["kmeans"]
        let labels = try labels("train")
        #expect(labels.small.count == 3)
        #expect(labels.small.firstImages.allSatisfy { $0.hasSuffix(".jpg") } && !labels.small.firstImages.isEmpty)
        let search = try AnchorSearch(
            labels, count: golden["n"].int, ratioLimit: golden["thr"].double, generations: golden["gen"].int, seed: UInt64(seed))
        #expect(search.labelCount == golden["labels_used"].int)
        #expect(search.fit.fitness >= golden["fitness"].double)
        #expect(search.fit.bestPossibleRecall >= 0.99)
    }
}
