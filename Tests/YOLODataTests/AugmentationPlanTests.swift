import Testing
@testable import YOLOData

@Suite("Plans of samples")
struct AugmentationPlanTests {
    private func plan(_ options: AugmentationOptions, index: Int, outlines: Int = 0) -> AugmentationPlan {
        var random = SampleRandom(seed: 8, epoch: 2, index: index, stream: .augmentation)
        return AugmentationPlan(
            index: index, among: MosaicPartners(imageCount: 10), width: 640, height: 640, options: options,
            outlineCount: { _ in outlines }, random: &random)
    }

    @Test("numbers are drawn in the reference's order, and nothing in between")
    func order() {
        var options = AugmentationOptions()
        (options.mixup, options.degrees) = (0.5, 10)
        for index in 0..<10 {
            var random = SampleRandom(seed: 8, epoch: 2, index: index, stream: .augmentation)
            func mosaic(_ index: Int) -> AugmentationPlan.Mosaic {
                let (y, x) = (Int(random.uniform(320, 960)), Int(random.uniform(320, 960)))
                var sources = [index, random.index(below: 10), random.index(below: 10), random.index(below: 10)]
                random.shuffle(&sources)
                return AugmentationPlan.Mosaic(
                    layout: MosaicLayout(.four(centerX: x, centerY: y), sources: sources),
                    perspective: PerspectiveParameters(options: options, random: &random))
            }
            _ = random.uniform(0, 1)
            var composition = AugmentationPlan.Composition.mosaic(mosaic(index))
            if random.uniform(0, 1) < 0.5, case .mosaic(let first) = composition {
                composition = .mixup(first, mosaic(random.index(below: 10)), ratio: random.beta32())
            }
            let hsv = HSVGains(options: options, random: &random)
            let flips = (random.uniform(0, 1) < 0, random.uniform(0, 1) < 0.5)
            #expect(
                plan(options, index: index)
                    == AugmentationPlan(
                        composition: composition, hsv: hsv, flipsVertically: flips.0, flipsHorizontally: flips.1))
        }
    }

    @Test("cutout and the optional filters leave everything else of a sample as it is")
    func additions() {
        var options = AugmentationOptions()
        (options.cutout, options.albumentations) = (1, 1)
        for index in 0..<20 {
            var changed = plan(options, index: index)
            #expect(changed.cutout?.holes.count == 31)
            (changed.cutout, changed.filters) = (nil, [])
            #expect(changed == plan(AugmentationOptions(), index: index))
        }
    }

    @Test("the probability of a mosaic of nine, and of objects that are pasted")
    func choices() {
        var options = AugmentationOptions()
        (options.mosaicOfNine, options.copyPaste) = (0.25, 0.5)
        var nines = 0
        for index in 0..<2000 {
            guard case .mosaic(let mosaic) = plan(options, index: index, outlines: 3).composition else {
                Issue.record("no mosaic")
                continue
            }
            switch mosaic.layout.arrangement {
            case .four:
                #expect(mosaic.layout.sources.count == 4 && mosaic.pasted.count == 6)
            case .nine(let left, let top):
                #expect(mosaic.layout.sources.count == 9 && mosaic.pasted.isEmpty)
                #expect(0..<640 ~= left && 0..<640 ~= top)
                nines += 1
            }
        }
        #expect(abs(nines - 500) < 60)
        options.copyPaste = 0
        #expect(plan(options, index: 0) == plan(options, index: 0, outlines: 50))
    }

    @Test("each optional filter comes once in a hundred samples, with the sizes and limits of Albumentations")
    func filters() {
        var options = AugmentationOptions.none
        options.albumentations = 1
        let drawn = (0..<20_000).flatMap { plan(options, index: $0).filters }
        var (blurs, medians, grays, limits) = ([Int](), [Int](), 0, [Double]())
        for filter in drawn {
            switch filter {
            case .blur(let size): blurs.append(size)
            case .medianBlur(let size): medians.append(size)
            case .gray: grays += 1
            case .equalized(let limit): limits.append(limit)
            }
        }
        for count in [blurs.count, medians.count, grays, limits.count] { #expect(abs(count - 200) < 60) }
        #expect(Set(blurs) == [3, 5, 7] && Set(medians) == [3, 5, 7])
        #expect(limits.allSatisfy { 1..<4 ~= $0 })
    }
}
