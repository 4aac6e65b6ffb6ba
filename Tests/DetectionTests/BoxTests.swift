import Detection
import GoldenFixtures
import Testing

@Suite("Boxes")
struct BoxTests {
    @Test("A box is the same by corners and by centre and size")
    func centerAndSize() {
        let box = Box(centerX: 50, centerY: 40, width: 20, height: 10)
        #expect(box == Box(x1: 40, y1: 35, x2: 60, y2: 45))
        #expect(box.centerAndSize == [50, 40, 20, 10])
        #expect(box.area == 200)
    }

    @Test("Clipping keeps the part inside the image")
    func clipping() {
        #expect(Box(x1: -5, y1: 10, x2: 50, y2: 200).clipped(toWidth: 40, height: 100) == Box(x1: 0, y1: 10, x2: 40, y2: 100))
        #expect(Box(x1: 50, y1: 10, x2: 60, y2: 20).clipped(toWidth: 40, height: 100).area == 0)
    }

    @Test("Normalised boxes go to pixels and back")
    func normalization() {
        let label = NormalizedBox(centerX: 0.5, centerY: 0.25, width: 0.5, height: 0.5)
        let box = label.inPixels(width: 200, height: 100)
        #expect(box == Box(x1: 50, y1: 0, x2: 150, y2: 50))
        #expect(box.normalized(width: 200, height: 100) == label)
        #expect(label.inPixels(width: 200, height: 100, left: 3, top: 7) == Box(x1: 53, y1: 7, x2: 153, y2: 57))
    }

    @Test("A letterboxed box finds back to the image and stays in it")
    func letterbox() {
        // 200 x 100 into 400 x 400: twice as large, 100 rows of padding above.
        let mapping = LetterboxMapping(imageWidth: 200, imageHeight: 100, inputWidth: 400, inputHeight: 400)
        #expect(mapping == LetterboxMapping(imageWidth: 200, imageHeight: 100, gain: 2, left: 0, top: 100))
        #expect(mapping.boxInImage(Box(x1: 20, y1: 120, x2: 100, y2: 200)) == Box(x1: 10, y1: 10, x2: 50, y2: 50))
        #expect(mapping.boxInImage(Box(x1: -20, y1: 0, x2: 500, y2: 400)) == Box(x1: 0, y1: 0, x2: 200, y2: 100))
    }
}

@Suite("Boxes as the reference has them", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct BoxGoldenTests {
    let golden: [String: GoldenTensor]

    init() throws {
        golden = try Fixtures.tensors("boxes")
    }

    @Test("Corners and centres")
    func corners() throws {
        let byCenter = try #require(golden["box1_xywh"]).centerBoxes
        #expect(largestDifference(byCenter.flatMap(\.corners), try #require(golden["xywh2xyxy"]).floats) <= 1e-3)
        let byCorner = try #require(golden["box1_xyxy"]).cornerBoxes
        #expect(largestDifference(byCorner.flatMap(\.centerAndSize), try #require(golden["xyxy2xywh"]).floats) <= 1e-3)
    }

    @Test("Normalised to pixels", arguments: [
        ("xywhn2xyxy.640", 640, 640, 0, 0),
        ("xywhn2xyxy.w500h333padw12padh7", 500, 333, 12, 7),
    ] as [(String, Float, Float, Float, Float)])
    func pixels(name: String, width: Float, height: Float, left: Float, top: Float) throws {
        let boxes = try #require(golden["xywhn"]).normalizedBoxes
            .map { $0.inPixels(width: width, height: height, left: left, top: top) }
        #expect(largestDifference(boxes.flatMap(\.corners), try #require(golden[name]).floats) <= 1e-3)
    }

    @Test("Pixels to normalised, as they are and clipped", arguments: [
        ("xyxy2xywhn.w640h480", false), ("xyxy2xywhn.w640h480clip_eps1e-3", true),
        ("xyxy2xywhn.f64.w640h480clip_eps1e-3", true),
    ])
    func normalized(name: String, isClipped: Bool) throws {
        let boxes = try #require(golden["xyxy_wild"]).cornerBoxes
            .map { isClipped ? $0.clipped(toWidth: 640 - 1e-3, height: 480 - 1e-3) : $0 }
            .map { $0.normalized(width: 640, height: 480) }
        #expect(largestDifference(boxes.flatMap(\.centerAndSize), try #require(golden[name]).floats) <= 1e-6)
    }

    @Test("Clipping")
    func clipping() throws {
        let boxes = try #require(golden["xyxy_wild"]).cornerBoxes.map { $0.clipped(toWidth: 640, height: 480) }
        #expect(largestDifference(boxes.flatMap(\.corners), try #require(golden["clip_boxes.480x640"]).floats) <= 1e-3)
    }

    @Test("Letterboxed to image", arguments: [
        ("scale_boxes.640x512_to_375x500",
         LetterboxMapping(imageWidth: 500, imageHeight: 375, inputWidth: 512, inputHeight: 640)),
        ("scale_boxes.384x640_to_1080x1920_ratio_pad",
         LetterboxMapping(imageWidth: 1920, imageHeight: 1080, gain: 0.3333333, left: 0, top: 12)),
    ])
    func letterbox(name: String, mapping: LetterboxMapping) throws {
        let boxes = try #require(golden["xyxy_wild"]).cornerBoxes.map(mapping.boxInImage)
        #expect(largestDifference(boxes.flatMap(\.corners), try #require(golden[name]).floats) <= 1e-3)
    }
}
