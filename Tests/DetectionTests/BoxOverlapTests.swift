import Detection
import GoldenFixtures
import Testing

@Suite("Overlap of boxes")
struct BoxOverlapTests {
    @Test("IoU is the shared area over the joint area", arguments: [
        (Box(x1: 0, y1: 0, x2: 2, y2: 2), Box(x1: 1, y1: 1, x2: 3, y2: 3), 1.0 / 7),
        (Box(x1: 0, y1: 0, x2: 2, y2: 2), Box(x1: 0, y1: 0, x2: 2, y2: 2), 1),
        (Box(x1: 0, y1: 0, x2: 2, y2: 2), Box(x1: 2, y1: 0, x2: 4, y2: 2), 0),
        (Box(x1: 0, y1: 0, x2: 2, y2: 2), Box(x1: 5, y1: 5, x2: 6, y2: 6), 0),
        (Box(x1: 1, y1: 1, x2: 1, y2: 1), Box(x1: 1, y1: 1, x2: 1, y2: 1), 0),
    ] as [(Box, Box, Float)])
    func iou(a: Box, b: Box, expected: Float) {
        #expect(abs(a.iou(with: b) - expected) < 1e-6)
        #expect(a.iou(with: b) == b.iou(with: a))
    }

    @Test("GIoU, DIoU and CIoU take their penalties from IoU")
    func penalties() {
        let tall = Box(x1: 0, y1: 0, x2: 2, y2: 4)
        let wide = Box(x1: 2, y1: 0, x2: 6, y2: 2)
        // No overlap; both fill 16 of the enclosing 6 x 4.
        #expect(abs(tall.generalizedIoU(with: wide) - -8.0 / 24) < 1e-6)
        // Centres (1, 2) and (4, 1), enclosing diagonal squared 36 + 16.
        #expect(abs(tall.distanceIoU(with: wide) - -10.0 / 52) < 1e-6)
        // Aspect penalty v = 4 / pi^2 * (atan 2 - atan 1/2)^2 = 0.1678236, weighted v / (v + 1).
        #expect(abs(tall.completeIoU(with: wide) - (-10.0 / 52 - 0.1678236 * 0.1678236 / 1.1678236)) < 1e-6)
    }

    @Test("The covered fraction asks how much of a box is hidden")
    func coveredFraction() {
        let small = Box(x1: 0, y1: 0, x2: 2, y2: 2)
        let large = Box(x1: 1, y1: 0, x2: 11, y2: 10)
        #expect(abs(small.coveredFraction(by: large) - 0.5) < 1e-6)
        #expect(abs(large.coveredFraction(by: small) - 0.02) < 1e-6)
    }
}

@Suite(
    "Overlap as the reference has it", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct BoxOverlapGoldenTests {
    let golden: [String: GoldenTensor]

    init() throws {
        golden = try Fixtures.tensors("boxes")
    }

    private static let kinds: [(name: String, overlap: @Sendable (Box, Box) -> Float)] = [
        ("IoU", { $0.iou(with: $1) }), ("GIoU", { $0.generalizedIoU(with: $1) }),
        ("DIoU", { $0.distanceIoU(with: $1) }), ("CIoU", { $0.completeIoU(with: $1) }),
    ]

    @Test("The IoU family, degenerate boxes included", arguments: kinds.indices)
    func family(kind: Int) throws {
        let (name, overlap) = Self.kinds[kind]
        let first = try #require(golden["box1_xyxy"]).cornerBoxes
        let second = try #require(golden["box2_xyxy"]).cornerBoxes

        let pairs = zip(first, second).map(overlap)
        #expect(largestDifference(pairs, try #require(golden["bbox_iou.\(name).xyxy"]).floats) <= 1e-5)
        #expect(largestDifference(pairs, try #require(golden["bbox_iou.\(name).xywh"]).floats) <= 1e-5)
        let oneToMany = second.map { overlap(first[8], $0) }
        #expect(largestDifference(oneToMany, try #require(golden["bbox_iou.\(name).one_to_many"]).floats) <= 1e-5)
    }

    @Test("Every box with every other")
    func pairwise() throws {
        let first = try #require(golden["box1_xyxy"]).cornerBoxes.prefix(20)
        let second = try #require(golden["box2_xyxy"]).cornerBoxes.prefix(30)
        let overlaps = first.flatMap { box in second.map { box.iou(with: $0) } }
        #expect(largestDifference(overlaps, try #require(golden["box_iou"]).floats) <= 1e-5)
    }

    @Test("Sizes alone")
    func sizes() throws {
        func sizes(_ name: String) throws -> [BoxSize] {
            try #require(golden[name]).rows.map { BoxSize(width: $0[2], height: $0[3]) }
        }
        let second = try sizes("box2_xywh").prefix(30)
        let overlaps = try sizes("box1_xywh").prefix(20).flatMap { size in second.map { size.iou(with: $0) } }
        #expect(largestDifference(overlaps, try #require(golden["wh_iou"]).floats) <= 1e-5)
    }

    @Test("The covered fraction")
    func coveredFraction() throws {
        let cover = try #require(golden["box1_xyxy"]).cornerBoxes[9]
        let fractions = try #require(golden["box2_xyxy"]).cornerBoxes.map { $0.coveredFraction(by: cover) }
        #expect(largestDifference(fractions, try #require(golden["bbox_ioa"]).floats) <= 1e-5)
    }
}
