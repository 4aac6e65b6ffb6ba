import Detection
import Imaging
import Testing
@testable import YOLOData

@Suite("Labels through a warp")
struct ObjectWarpTests {
    @Test("the box around an outline is that of a thousand points along it, wherever it lies", arguments: 0..<40)
    func outlines(index: Int) throws {
        var random = SampleRandom(seed: 6, epoch: 0, index: index, stream: .augmentation)
        var options = AugmentationOptions()
        (options.degrees, options.shear, options.scale) = (180, 20, 0.8)
        options.perspective = index % 2 == 0 ? 0.001 : 0
        let perspective = PerspectiveParameters(options: options, random: &random)
        let transform = perspective.transform(sourceWidth: 800, sourceHeight: 800, outputWidth: 400, outputHeight: 400)
        let warp = ObjectWarp(transform: transform, scale: 1, width: 400, height: 400)
        var seen = 0
        for corners in [3, 4, 17, 120, 700] {
            for size in [Float(60), 200, 800] {
                let origin = SIMD2(Float(random.uniform(0, 801 - Double(size))), Float(random.uniform(0, 801 - Double(size))))
                let points = (0..<corners).map { _ in
                    origin + SIMD2(Float(random.uniform(0, 1)), Float(random.uniform(0, 1))) * size
                }
                let polygon = Polygon(points: points)
                let all = Polygon(points: polygon.resampled().points.map { point in
                    let place = transform(x: Double(point.x), y: Double(point.y))
                    return SIMD2(Float(place.x), Float(place.y))
                })
                let expected = all.boundingBox(insideWidth: 400, height: 400)
                // So small a box before that only what is hardly seen at all is dropped.
                let object = PlacedObject(classIndex: 3, box: Box(x1: 0, y1: 0, x2: 1, y2: 1), polygon: polygon)
                let box = warp([object]).first?.box
                if let expected, expected.width > 2, expected.height > 2,
                    max(expected.width / expected.height, expected.height / expected.width) < 100
                {
                    #expect(box == expected)
                    seen += 1
                } else {
                    #expect(box == nil)
                }
            }
        }
        #expect(seen > 0)
    }
}
