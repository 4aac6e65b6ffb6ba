@testable import Detection
import Testing

@Suite("COCO's evaluation")
struct COCOEvaluationTests {
    private func box(_ left: Double, _ top: Double, _ width: Double, _ height: Double) -> COCOBox {
        COCOBox(left: left, top: top, width: width, height: height)
    }

    private func truth(_ annotations: [COCOGroundTruth.Annotation], images: Int = 1, categories: [Int] = [1]) -> COCOGroundTruth {
        COCOGroundTruth(
            images: (0..<images).map { .init(id: .number($0)) }, categories: categories.map { .init(id: $0, name: "class \($0)") },
            annotations: annotations)
    }

    private func detection(_ box: COCOBox, _ score: Double, image: Int = 0, category: Int = 1) -> COCODetection {
        COCODetection(imageID: .number(image), categoryID: category, box: box, score: score)
    }

    /// Precision is 1 less what keeps the reference's quotient away from 0 / 0.
    private func isOne(_ figure: Double?) -> Bool { figure.map { abs($0 - 1) < 1e-12 } == true }

    @Test("Everything found exactly gives 1")
    func perfect() throws {
        var random = SeededGenerator(seed: 1)
        let annotations = (0..<300).map { index in
            COCOGroundTruth.Annotation(
                imageID: .number(index % 20), categoryID: [1, 7][index % 2],
                box: box(.random(in: 0...400, using: &random), Double(index) * 300, [20, 60, 200][index % 3], [20, 60, 200][index % 3]))
        }
        let detections = annotations.map { COCODetection(imageID: $0.imageID, categoryID: $0.categoryID, box: $0.box, score: 0.5) }
        let evaluation = try COCOEvaluation(of: detections, against: truth(annotations, images: 20, categories: [1, 7]))
        for (index, figure) in evaluation.figures.all.enumerated() where ![6, 7].contains(index) {
            #expect(isOne(figure), "figure \(index)")
        }
        // Each image has fifteen objects of one class.
        #expect(evaluation.figures.ar1.map { abs($0 - 1.0 / 15) < 1e-12 } == true)
        #expect(evaluation.figures.ar10.map { abs($0 - 10.0 / 15) < 1e-12 } == true)
        #expect(evaluation.classes.map { isOne($0.ap) } == [true, true])
    }

    @Test("One right, one wrong before it")
    func half() throws {
        let object = box(0, 0, 50, 50)
        let evaluation = try COCOEvaluation(
            of: [detection(object, 0.5), detection(box(200, 200, 50, 50), 0.9)],
            against: truth([.init(imageID: .number(0), categoryID: 1, box: object)]))
        #expect(evaluation.figures.ap == 0.5)
        #expect(evaluation.figures.ar100 == 1)
        #expect(evaluation.figures.ar1 == 0)
        #expect(evaluation.figures.apMedium == 0.5)
        #expect(evaluation.figures.apSmall == nil)
    }

    @Test("A box that overlaps by 0.6 is right at three thresholds")
    func thresholds() throws {
        let evaluation = try COCOEvaluation(
            of: [detection(box(0, 0, 100, 60), 0.9)],
            against: truth([.init(imageID: .number(0), categoryID: 1, box: box(0, 0, 100, 100))]))
        #expect(abs((evaluation.figures.ap ?? 0) - 0.3) < 1e-12)
        #expect(isOne(evaluation.figures.ap50))
        #expect(evaluation.figures.ap75 == 0)
        #expect(evaluation.classes[0].averagePrecisions?.map { $0.rounded() } == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("What is found in a crowd counts neither way, however often")
    func crowd() throws {
        let object = box(0, 0, 50, 50)
        let crowd = box(100, 100, 200, 200)
        let evaluation = try COCOEvaluation(
            of: [detection(box(110, 110, 40, 40), 0.9), detection(box(150, 150, 40, 40), 0.8), detection(object, 0.5)],
            against: truth([
                .init(imageID: .number(0), categoryID: 1, box: crowd, isCrowd: true),
                .init(imageID: .number(0), categoryID: 1, box: object),
            ]))
        #expect(isOne(evaluation.figures.ap))
        // The limit is one of crowds as well: of the best detection alone, none counts.
        #expect(evaluation.figures.ar1 == 0)
    }

    @Test("A detection of no object's size counts where its own size does")
    func sizes() throws {
        let small = COCOGroundTruth.Annotation(imageID: .number(0), categoryID: 1, box: box(0, 0, 20, 20))
        let evaluation = try COCOEvaluation(
            of: [detection(box(300, 300, 200, 200), 0.9), detection(small.box, 0.5)], against: truth([small]))
        #expect(evaluation.figures.ap == 0.5)
        #expect(isOne(evaluation.figures.apSmall))
        #expect(evaluation.figures.apLarge == nil)
    }

    @Test("The annotation's own area decides on its size, and ends belong to both ranges")
    func annotatedArea() throws {
        let object = COCOGroundTruth.Annotation(imageID: .number(0), categoryID: 1, box: box(0, 0, 50, 50), area: 1024)
        let evaluation = try COCOEvaluation(of: [detection(object.box, 0.5)], against: truth([object]))
        #expect(isOne(evaluation.figures.apSmall))
        #expect(isOne(evaluation.figures.apMedium))
        #expect(evaluation.figures.apLarge == nil)
    }

    @Test("An object counts for the first of two detections with one score")
    func tiedScores() throws {
        let object = box(0, 0, 100, 100)
        let truth = truth([.init(imageID: .number(0), categoryID: 1, box: object)])
        let exact = detection(object, 0.5)
        let rough = detection(box(0, 0, 100, 60), 0.5)
        #expect(try isOne(COCOEvaluation(of: [exact, rough], against: truth).figures.ap))
        let late = try COCOEvaluation(of: [rough, exact], against: truth).figures
        #expect(isOne(late.ap50))
        #expect(late.ap75 == 0.5)
    }

    @Test("Nothing to find is undefined, nothing found is 0")
    func nothing() throws {
        let object = COCOGroundTruth.Annotation(imageID: .number(0), categoryID: 1, box: box(0, 0, 50, 50))
        let missed = try COCOEvaluation(of: [], against: truth([object], categories: [1, 2]))
        #expect(missed.figures.ap == 0)
        #expect(missed.figures.ar100 == 0)
        #expect(missed.classes.map(\.ap) == [0, nil])
        let empty = try COCOEvaluation(of: [detection(object.box, 0.5)], against: truth([]))
        #expect(empty.figures.all == [Double?](repeating: nil, count: 12))
        #expect(try COCOEvaluation(of: [], against: truth([], images: 0, categories: [])).classes.isEmpty)
    }

    @Test("Only the images asked for count")
    func someImages() throws {
        let objects = (0..<2).map { COCOGroundTruth.Annotation(imageID: .number($0), categoryID: 1, box: box(0, 0, 50, 50)) }
        let truth = truth(objects, images: 2)
        let found = detection(objects[0].box, 0.5)
        let wrong = detection(box(200, 0, 50, 50), 0.9, image: 1)
        #expect(try COCOEvaluation(of: [found, wrong], against: truth).figures.ar100 == 0.5)
        #expect(try isOne(COCOEvaluation(of: [found, wrong], against: truth, images: [.number(0), .number(7)]).figures.ap))
    }

    @Test("Detections of images that are not there are named, those of other categories left out")
    func unknown() throws {
        let object = COCOGroundTruth.Annotation(imageID: .number(0), categoryID: 1, box: box(0, 0, 50, 50))
        let found = detection(object.box, 0.5)
        let other = detection(object.box, 0.9, category: 3)
        #expect(try isOne(COCOEvaluation(of: [found, other], against: truth([object])).figures.ap))
        #expect(throws: COCOError.unknownImages(example: .number(5), count: 2, imageCount: 1)) {
            let strangers = [5, 6].map { detection(object.box, 0.9, image: $0) }
            return try COCOEvaluation(of: [found] + strangers, against: truth([object]))
        }
    }

    @Test("No order changes anything but those of equals in one image and category")
    func order() throws {
        var random = SeededGenerator(seed: 1)
        var annotations: [COCOGroundTruth.Annotation] = []
        var detections: [COCODetection] = []
        for image in 0..<30 {
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let size: Double = [15, 50, 150].randomElement(using: &random) ?? 50
                let place = box(
                    .random(in: 0...300, using: &random), .random(in: 0...300, using: &random), size,
                    size * Double.random(in: 0.5...1.5, using: &random))
                let category = Int.random(in: 1...3, using: &random)
                let isCrowd = Int.random(in: 0..<10, using: &random) == 0
                annotations.append(.init(imageID: .number(image), categoryID: category, box: place, isCrowd: isCrowd))
                for _ in 0..<3 {
                    // Scores that no other detection of the image has; those of other images may be the same.
                    let score = Double(detections.count { $0.imageID == .number(image) }) / 64
                    let shift = Double.random(in: -0.3...0.3, using: &random) * size
                    let found = box(place.left + shift, place.top, place.width, place.height)
                    detections.append(detection(found, score, image: image, category: category))
                }
            }
        }
        let truth = truth(annotations, images: 30, categories: [1, 2, 3])
        let figures = try COCOEvaluation(of: detections, against: truth).figures
        for _ in 0..<5 {
            let shuffled = COCOGroundTruth(
                images: truth.images.shuffled(using: &random), categories: truth.categories.shuffled(using: &random),
                annotations: truth.annotations.shuffled(using: &random))
            #expect(try COCOEvaluation(of: detections.shuffled(using: &random), against: shuffled).figures == figures)
        }
    }

    @Test("Numbers out of all bounds are no danger")
    func extremes() throws {
        let numbers: [Double] = [0, -1, 1e308, -1e308, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 10]
        var annotations: [COCOGroundTruth.Annotation] = []
        var detections: [COCODetection] = []
        for (index, number) in numbers.enumerated() {
            for other in numbers {
                let place = box(number, other, other, number)
                annotations.append(.init(imageID: .number(index), categoryID: 1, box: place, area: other))
                detections.append(detection(place, number, image: index))
                detections.append(detection(box(0, 0, number, other), other, image: index))
            }
        }
        let figures = try COCOEvaluation(of: detections, against: truth(annotations, images: numbers.count)).figures
        for case let figure? in figures.all { #expect((0...1).contains(figure)) }
    }

    @Test("The twelve lines")
    func summary() throws {
        let object = COCOGroundTruth.Annotation(imageID: .number(0), categoryID: 1, box: box(0, 0, 50, 50))
        let figures = try COCOEvaluation(
            of: [detection(object.box, 0.5), detection(box(200, 200, 50, 50), 0.9)], against: truth([object])).figures
        #expect(figures.description == """
             Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.500
             Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.500
             Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ] = 0.500
             Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = -1.000
             Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.500
             Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ] = 1.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 1.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = -1.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 1.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000
            """)
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
