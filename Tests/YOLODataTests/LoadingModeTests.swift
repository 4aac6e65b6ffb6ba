import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("How an epoch is put together")
struct LoadingModeTests {
    private func order(images: Int, batchSize: Int = 8, isQuad: Bool = false) -> TrainingOrder {
        TrainingOrder(imageCount: images, imageSize: 64, batchSize: batchSize, seed: 3, isQuad: isQuad)
    }

    @Test("an epoch shows every image once, in an order of its own")
    func everyImageOnce() {
        let epochs = (0..<3).map { order(images: 21).batches(epoch: $0).flatMap(\.indices) }
        for epoch in epochs { #expect(epoch.sorted() == Array(0..<21)) }
        #expect(Set(epochs).count == 3)
    }

    @Test("four samples make a picture of twice the size, or one is enlarged; none of the last few is lost")
    func quads() {
        let batches = order(images: 38, batchSize: 16, isQuad: true).batches(epoch: 0)
        #expect(batches.map(\.pictures.count) == [4, 4, 3])
        #expect(batches.allSatisfy { $0.width == 128 && $0.height == 128 })
        let last = batches[2].pictures
        #expect(last[1...].allSatisfy { if case .enlarged = $0 { true } else { false } })
        let many = order(images: 4000, batchSize: 16, isQuad: true).batches(epoch: 0).flatMap(\.pictures)
        let enlarged = many.count { if case .enlarged = $0 { true } else { false } }
        #expect((400...600).contains(enlarged))
    }

    @Test("images are drawn as often as their weights say; a repetition is another sample")
    func weights() {
        let weights = [0, 1, 3, 0, 6] + [Double](repeating: 0, count: 995)
        let keys = order(images: 1000).batches(epoch: 1, imageWeights: weights).flatMap { $0.pictures.flatMap(\.samples) }
        #expect(keys.count == 1000)
        var counts: [Int: Int] = [:]
        for key in keys { counts[key.index, default: 0] += 1 }
        #expect(Set(counts.keys) == [1, 2, 4])
        for (index, share) in [(1, 0.1), (2, 0.3), (4, 0.6)] { #expect(abs(Double(counts[index] ?? 0) / 1000 - share) < 0.05) }
        #expect(Set(keys.map { [$0.index, $0.repetition] }).count == 1000)
        #expect(keys[0].partners?.allSatisfy { [1, 2, 4].contains($0) } == true)
        #expect(order(images: 3).batches(epoch: 0, imageWeights: [0, 0, 0]).flatMap(\.indices).sorted() == [0, 1, 2])
    }

    @Test("classes that are rare or badly found make their images count")
    func imageWeights() {
        let weights = ImageWeights([[0, 0], [0, 1], []], classCount: 3)
        // Inverse counts 1/3, 1, and 1 for the class without objects.
        func expect(_ found: [Double], sevenths: [Double]) {
            #expect(found.count == sevenths.count)
            for (a, b) in zip(found, sevenths) { #expect(abs(7 * a - b) < 1e-12) }
        }
        expect(weights.classWeights, sevenths: [1, 3, 3])
        let forEpoch = weights.trainingClassWeights([0.5, 0, 1])
        expect(forEpoch, sevenths: [0.25, 3, 0])
        expect(weights.imageWeights(classWeights: forEpoch), sevenths: [0.5, 3.25, 0])
    }
}

@Suite("Loading modes of the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct GoldenLoadingModeTests {
    private func training() throws -> LabeledImageSet {
        let description = try DatasetDescription(contentsOf: Fixtures.data.appendingPathComponent("coco128.yaml").path)
        return try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
    }

    @Test("weights of classes and images are the reference's to a millionth")
    func weights() throws {
        let golden = try Fixtures.tensors("dataset")
        func expect(_ found: [Double], _ name: String) throws {
            let expected = try #require(golden[name]).doubles
            #expect(found.count == expected.count)
            for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-6 * abs(b), "\(name)") }
        }
        let weights = ImageWeights(try training())
        try expect(weights.classWeights, "class_weights")
        let forEpoch = weights.trainingClassWeights(try #require(golden["maps"]).doubles)
        try expect(forEpoch, "class_weights_train")
        try expect(weights.imageWeights(classWeights: forEpoch), "image_weights")
        try expect(weights.imageWeights(classWeights: Array(repeating: 1, count: 80)), "image_weights_ones")
    }

    /// Draws what the reference was given.
    private struct GoldenSamples: SampleSource {
        let images: [GoldenTensor]
        let labels: [GoldenTensor]
        var batchCount: Int { 1 }
        func batches(epoch: Int) -> [BatchPlan] { [] }

        func draw(_ sample: SampleKey, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
            let planes = images[sample.index].uint8
            for y in 0..<64 {
                for x in 0..<64 {
                    let place = y * 64 + x
                    view[x, y] = Color(red: planes[place], green: planes[4096 + place], blue: planes[8192 + place])
                }
            }
            let rows = (0..<labels[sample.index].shape[0]).map { labels[sample.index].row($0) }
            return Sample(source: BatchImage(path: "", mapping: nil), labels: rows.map {
                BoxLabel(classIndex: Int($0[1]), box: NormalizedBox(centerX: $0[2], centerY: $0[3], width: $0[4], height: $0[5]))
            })
        }
    }

    @Test("four samples are joined, or one enlarged, as in the reference", arguments: [0, 1])
    func quad(number: Int) throws {
        let golden = try Fixtures.tensors("augment/mosaic")
        func tensor(_ name: String) throws -> GoldenTensor { try #require(golden["collate4.\(number).\(name)"]) }
        let source = GoldenSamples(
            images: try (0..<4).map { try tensor("image\($0)") }, labels: try (0..<4).map { try tensor("labels\($0)") })
        let isEnlarged = try Fixtures.json("augment/mosaic")["collate4"]["\(number)"]["random"].doubles[0] < 0.5
        #expect(isEnlarged == (number == 0))
        let picture = isEnlarged ? Picture.enlarged(SampleKey(0)) : .four((0..<4).map { SampleKey($0) })
        var sample: Sample?
        let image = try Image(width: 128, height: 128) { view in sample = try source.draw(picture, epoch: 0, on: view) }
        let expected = try tensor("images").uint8
        for place in 0..<128 * 128 {
            for channel in 0..<3 {
                let difference = abs(Int(image.pixels[3 * place + channel]) - Int(expected[channel * 128 * 128 + place]))
                #expect(difference <= (isEnlarged ? 2 : 0))
            }
        }
        let labels = try tensor("labels")
        let found = try #require(sample).labels
        #expect(found.count == labels.shape[0])
        for (index, label) in found.enumerated() {
            let row = labels.row(index)
            let values = [Float(label.classIndex), label.box.centerX, label.box.centerY, label.box.width, label.box.height]
            for (a, b) in zip(values, row[1...]) { #expect(abs(a - b) < 1e-6) }
        }
    }
}
