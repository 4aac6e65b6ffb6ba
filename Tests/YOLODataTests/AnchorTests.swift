import Detection
import Foundation
import Testing
@testable import YOLOData

@Suite("Anchors and labels")
struct AnchorTests {
    private func sizes(_ pairs: [(Float, Float)]) -> [BoxSize] { pairs.map { BoxSize(width: $0.0, height: $0.1) } }

    /// Labels of one square image of 100 pixels, sides in pixels.
    private func labels(_ pairs: [(Float, Float)], imageSize: Int = 100) -> LabelSizes {
        let boxes = pairs.map { BoxSize(width: $0.0 / 100, height: $0.1 / 100) }
        return LabelSizes([.init(path: "a.jpg", width: 100, height: 100, boxes: boxes)], imageSize: imageSize)
    }

    /// `count` labels of sides between 4 and 400 pixels, as like one another as real ones.
    private func randomLabels(_ count: Int) -> LabelSizes {
        var random = SampleRandom(seed: 3, epoch: 0, index: 0, stream: .shapes)
        let boxes = (0..<count).map { _ in
            let side = exp2(random.uniform(2, 8)), shape = exp2(random.uniform(-0.7, 0.7))
            return BoxSize(width: Float(side * shape / 640), height: Float(side / shape / 640))
        }
        return LabelSizes([.init(path: "a.jpg", width: 640, height: 640, boxes: boxes)], imageSize: 640)
    }

    // MARK: Sizes

    @Test("sizes are pixels of an image whose long side has the size of training")
    func pixels() {
        let half = BoxSize(width: 0.5, height: 0.5)
        let labels = LabelSizes(
            [
                .init(path: "wide.jpg", width: 400, height: 100, boxes: [half]),
                .init(path: "empty.jpg", width: 9, height: 9, boxes: []),
                .init(path: "high.jpg", width: 300, height: 600, boxes: [half, BoxSize(width: 1, height: .nan)]),
            ], imageSize: 640)
        #expect(labels.sizes == sizes([(320, 80), (160, 320)]))
    }

    @Test("all labels of an image are scaled alike, by 0.9 to 1.1, and by the seed alone")
    func scales() {
        let images = (0..<200).map { index in
            LabelSizes.Image(path: "\(index)", width: 10, height: 10, boxes: sizes([(0.5, 0.25), (0.25, 0.125)]))
        }
        let labels = LabelSizes(images, imageSize: 64)
        let scaled = labels.randomlyScaled(seed: 1)
        let factors = stride(from: 0, to: 400, by: 2).map { scaled[$0].width / 32 }
        #expect(zip(0..., factors).allSatisfy { abs(scaled[2 * $0 + 1].height - 8 * $1) < 1e-5 })
        #expect(factors.allSatisfy { (0.9...1.1).contains($0) })
        #expect(factors.min() ?? 1 < 0.91 && factors.max() ?? 1 > 1.09 && Set(factors).count == 200)
        #expect(labels.randomlyScaled(seed: 1) == scaled && labels.randomlyScaled(seed: 2) != scaled)
    }

    @Test("labels with a side under 3 pixels are counted, and the first three images named")
    func small() {
        let images = (0..<5).map { index in
            LabelSizes.Image(path: "\(index).jpg", width: 100, height: 100, boxes: sizes(index == 1 ? [(0.5, 0.5)] : [(0.029, 0.5), (0.02, 0.01)]))
        }
        let labels = LabelSizes(images, imageSize: 100)
        #expect(labels.small == .init(count: 8, firstImages: ["0.jpg", "2.jpg", "3.jpg"]))
        #expect(labels.warnings == ["labels with a side under 3 pixels in images of 100: 8 of 9; the first are in 0.jpg, 2.jpg, 3.jpg"])
        #expect(labels.usable.count == 9)  // one side of 2 pixels is enough
        #expect(self.labels([(1.9, 1.9), (1, 2)]).usable == sizes([(1, 2)]))
    }

    // MARK: Metric

    @Test("the worse of both side ratios decides, whichever is larger")
    func metric() {
        let anchors = sizes([(10, 10), (40, 40)])
        func fit(_ label: (Float, Float)) -> AnchorFit { AnchorMetric(sizes([label]), ratioLimit: 4).fit(of: anchors) }
        #expect(fit((10, 10)) == AnchorFit(bestPossibleRecall: 1, anchorsPerLabel: 1, fitness: 1))  // 40 is 4 times 10: too far
        #expect(fit((20, 16)) == AnchorFit(bestPossibleRecall: 1, anchorsPerLabel: 2, fitness: 0.5))
        #expect(fit((5, 80)) == AnchorFit(bestPossibleRecall: 0, anchorsPerLabel: 0, fitness: 0))
        #expect(fit((0, 10)) == AnchorFit(bestPossibleRecall: 0, anchorsPerLabel: 0, fitness: 0))
        #expect(AnchorMetric([], ratioLimit: 4).fit(of: anchors) == AnchorFit(bestPossibleRecall: 0, anchorsPerLabel: 0, fitness: 0))
    }

    @Test("empty boxes have no anchor however far one may be")
    func noLimit() {
        let fit = AnchorMetric(sizes([(0, 0), (1, 300), (5, 0)]), ratioLimit: 1e300).fit(of: sizes([(10, 10)]))
        #expect(fit.bestPossibleRecall == 1 / 3.0 && fit.anchorsPerLabel == 1 / 3.0)
    }

    @Test("sums over many labels agree with one label after the other", arguments: [1, 8, 13, 50_001])
    func manyLabels(count: Int) {
        let labels = randomLabels(count).sizes
        let anchors = sizes([(10, 13), (33, 23), (116, 90)])
        var expected = AnchorFit(bestPossibleRecall: 0, anchorsPerLabel: 0, fitness: 0)
        for label in labels {
            let ratios = anchors.map { anchor in
                min(
                    min(label.width, anchor.width) / max(label.width, anchor.width),
                    min(label.height, anchor.height) / max(label.height, anchor.height))
            }
            let near = ratios.filter { $0 > Float(1 / 2.5) }
            expected.bestPossibleRecall += near.isEmpty ? 0 : 1 / Double(count)
            expected.anchorsPerLabel += Double(near.count) / Double(count)
            expected.fitness += Double(near.max() ?? 0) / Double(count)
        }
        let metric = AnchorMetric(labels, ratioLimit: 2.5)
        let fit = metric.fit(of: anchors)
        #expect(abs(fit.bestPossibleRecall - expected.bestPossibleRecall) < 1e-9)
        #expect(abs(fit.anchorsPerLabel - expected.anchorsPerLabel) < 1e-9)
        #expect(abs(fit.fitness - expected.fitness) < 1e-9)
        #expect(metric.fitness(of: anchors) == fit.fitness)
    }

    // MARK: Search

    @Test("k-means finds the groups that there are")
    func clusters() {
        let middles: [(Float, Float)] = [(10, 10), (10, 80), (90, 20), (60, 60)]
        let steps = [-0.1, -0.05, 0, 0.05, 0.1].map { exp2(Float($0)) }
        var around: [BoxSize] = []
        for middle in middles {
            for x in steps {
                for y in steps { around.append(BoxSize(width: middle.0 * x, height: middle.1 * y)) }
            }
        }
        let found = SizeClusters(around, count: 4, seed: 0).centers
        #expect(found.count == 4)
        for (width, height) in middles {
            #expect(found.contains { abs($0.width - width) < 0.01 && abs($0.height - height) < 0.01 })
        }
    }

    @Test("anchors come from small to large, in hundredths of a pixel, fitter than at the start, the same for a seed")
    func search() throws {
        let labels = randomLabels(2000)
        let search = try AnchorSearch(labels, count: 6, ratioLimit: 4, generations: 200, seed: 5)
        let areas = search.anchors.map { $0.width * $0.height }
        #expect(search.anchors.count == 6 && areas == areas.sorted())
        for side in search.anchors.flatMap({ [$0.width, $0.height] }) {
            #expect(side >= 2 && side == Float(String(format: "%.2f", side)))
        }
        #expect(search.fit == AnchorMetric(labels.sizes, ratioLimit: 4).fit(of: search.anchors))
        let start = try AnchorSearch(labels, count: 6, ratioLimit: 4, generations: 0, seed: 5)
        #expect(search.fit.fitness > start.fit.fitness + 0.001)
        #expect(try AnchorSearch(labels, count: 6, ratioLimit: 4, generations: 200, seed: 5) == search)
        #expect(try AnchorSearch(labels, count: 6, ratioLimit: 4, generations: 200, seed: 6) != search)
        #expect(search.warnings.isEmpty)
    }

    @Test("more labels than k-means looks at, and than one thread takes, give the same anchors again")
    func large() throws {
        let labels = randomLabels(40_000)
        let search = try AnchorSearch(labels, count: 4, ratioLimit: 4, generations: 10, seed: 1)
        #expect(try AnchorSearch(labels, count: 4, ratioLimit: 4, generations: 10, seed: 1) == search)
        #expect(search.labelCount == 40_000)
    }

    @Test("fewer sizes than anchors: each size has its anchor, the others are spread around, and it is said", arguments: [1, 2, 3, 9])
    func fewSizes(distinct: Int) throws {
        let sides = (0..<20 * distinct).map { Float($0 % distinct) }
        let labels = labels(sides.map { (10 + 5 * $0, 20 + 2 * $0) })
        let search = try AnchorSearch(labels, count: 9, ratioLimit: 4, generations: 50, seed: 0)
        #expect(search.anchors.count == 9 && Set(search.anchors).count == 9)
        #expect(search.fit.bestPossibleRecall == 1 && search.fit.fitness > 0.999)
        #expect(search.warnings == (distinct == 9 ? [] : [
            "the labels have only \(distinct) different \(distinct == 1 ? "size" : "sizes") for 9 anchors"
        ]))
    }

    @Test("labels that are lines or all equal in one side are no obstacle")
    func degenerate() throws {
        let lines = labels([(0, 50), (0, 20), (30, 0), (40, 40), (41, 40), (42, 40)])
        let search = try AnchorSearch(lines, count: 3, ratioLimit: 4, generations: 50, seed: 0)
        #expect(search.anchors.allSatisfy { $0.width >= 2 && $0.height >= 2 && $0.width.isFinite && $0.height.isFinite })
        let columns = try AnchorSearch(labels([(5, 10), (5, 20), (5, 40), (5, 80)]), count: 2, ratioLimit: 4, seed: 0)
        #expect(columns.fit.bestPossibleRecall == 1)
    }

    @Test("without a label of two pixels there are no anchors, and the message names the images")
    func nothingUsable() {
        let none = #expect(throws: AnchorError.self) { try AnchorSearch(labels([]), count: 3, ratioLimit: 4, seed: 0) }
        #expect(none?.description == "no anchors can be made: the data set has no labels")
        let small = #expect(throws: AnchorError.self) { try AnchorSearch(labels([(1, 1), (1, 1.5)]), count: 3, ratioLimit: 4, seed: 0) }
        #expect(small?.description.contains("of 2 labels none has a side of 2 pixels when images are 100 pixels large (the first are in a.jpg)") == true)
    }

    // MARK: Check

    @Test("anchors that fit stay")
    func fits() throws {
        let check = try AnchorCheck(sizes([(20, 20), (60, 60)]), for: labels([(20, 20), (50, 60)]), count: 2, ratioLimit: 4, seed: 0)
        #expect(check.replacement == nil && check.search == nil && check.fit?.bestPossibleRecall == 1)
        #expect(check.summary == "2.00 per label, best possible recall 1.000: they fit the data")
    }

    @Test("anchors that miss labels are replaced")
    func replaced() throws {
        let check = try AnchorCheck(sizes([(3, 3), (4, 4)]), for: labels([(20, 20), (50, 60), (2, 30)]), count: 2, ratioLimit: 4, seed: 0)
        #expect(check.replacement?.count == 2)
        #expect(check.summary.hasPrefix("0.00 per label, best possible recall 0.000: a poor fit; replaced by new ones from 3 labels: "))
        #expect(check.warnings == ["labels with a side under 3 pixels in images of 100: 1 of 3; the first are in a.jpg"])
    }

    @Test("anchors that none can better stay, and it is said")
    func kept() throws {
        // One anchor for two labels 40 times apart reaches one of them, whichever it is.
        let check = try AnchorCheck(sizes([(2, 2)]), for: labels([(2, 2), (80, 80)]), count: 1, ratioLimit: 4, seed: 0)
        #expect(check.fit?.bestPossibleRecall == 0.5 && check.replacement == nil)
        #expect(check.summary.contains("no better") && check.summary.hasSuffix("so the model keeps its own"))
        let small = try AnchorCheck(sizes([(90, 90)]), for: labels([(1, 1)]), count: 1, ratioLimit: 4, seed: 0)
        #expect(small.replacement == nil && small.summary.hasSuffix("no label is large enough to make new ones from"))
    }

    @Test("a model without anchors always gets some")
    func made() throws {
        let check = try AnchorCheck(nil, for: labels([(20, 20), (50, 60)]), count: 2, ratioLimit: 4, seed: 0)
        #expect(check.replacement?.count == 2)
        #expect(check.summary == "new ones from 2 labels: 2.00 per label, best possible recall 1.000")
        #expect(throws: AnchorError.self) { try AnchorCheck(nil, for: labels([(1, 1)]), count: 1, ratioLimit: 4, seed: 0) }
    }
}
