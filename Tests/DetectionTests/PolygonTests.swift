import Detection
import GoldenFixtures
import Testing

@Suite("Polygons")
struct PolygonTests {
    let square = Polygon(points: [SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 4), SIMD2(0, 4)])

    @Test("Resampling walks once round, as many points on each side")
    func resampling() {
        #expect(square.resampled(count: 5).points == [SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 4), SIMD2(0, 4), SIMD2(0, 0)])
        #expect(square.resampled(count: 9).points[1] == SIMD2(2, 0))
        #expect(square.resampled(count: 9).points[7] == SIMD2(0, 2))
    }

    @Test("The bounding box holds all points, or those inside the image")
    func boundingBox() {
        #expect(square.boundingBox == Box(x1: 0, y1: 0, x2: 4, y2: 4))
        let fine = square.resampled(count: 17)
        #expect(fine.boundingBox(insideWidth: 3, height: 10) == Box(x1: 0, y1: 0, x2: 3, y2: 4))
        #expect(Polygon(points: []).boundingBox == nil)
        #expect(Polygon(points: [SIMD2(9, 9)]).boundingBox(insideWidth: 3, height: 3) == nil)
    }
}

@Suite(
    "Polygons as the reference has them", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct PolygonGoldenTests {
    let golden: [String: GoldenTensor]

    init() throws {
        golden = try Fixtures.tensors("boxes")
    }

    private func inPixels(_ index: Int) throws -> Polygon {
        try #require(golden["segment\(index)"]).polygon.inPixels(width: 640, height: 480, left: 3, top: -5)
    }

    @Test("Pixels, resampled points and boxes", arguments: 0..<4)
    func polygon(index: Int) throws {
        let polygon = try inPixels(index)
        let pixels = try #require(golden["xyn2xy.w640h480padw3padh-5.\(index)"])
        #expect(largestDifference(polygon.coordinates, pixels.floats) <= 1e-3)

        let coarse = try #require(golden["resample_segments.50.\(index)"])
        #expect(largestDifference(polygon.resampled(count: 50).coordinates, coarse.floats) <= 1e-3)
        let everyTwentyFifth = stride(from: 0, to: 1000, by: 25).map { polygon.resampled().points[$0] }
        let fine = try #require(golden["resample_segments.1000.\(index)"])
        #expect(largestDifference(Polygon(points: everyTwentyFifth).coordinates, fine.floats) <= 1e-3)

        let box = try #require(polygon.boundingBox)
        #expect(largestDifference(box.centerAndSize, try #require(golden["segments2boxes"]).row(index)) <= 1e-3)
        let inside = try #require(polygon.boundingBox(insideWidth: 400, height: 300))
        #expect(largestDifference(inside.corners, try #require(golden["segment2box.w400h300"]).row(index)) <= 1e-3)
    }

    @Test("A polygon beside the image has no box")
    func outside() throws {
        let polygon = try #require(golden["segment2box.outside.in"]).polygon
        #expect(polygon.boundingBox(insideWidth: 400, height: 300) == nil)
        #expect(try #require(golden["segment2box.outside"]).floats == [0, 0, 0, 0])
    }
}
