import Detection
import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

@Suite("Converting outlines")
struct OutlineConversionTests {
    @Test("several parts become one outline, joined by the nearest corners there and back")
    func joining() {
        let left: [SIMD2<Double>] = [[0, 0], [4, 0], [4, 4], [0, 4]]
        let right: [SIMD2<Double>] = [[9, 9], [6, 4], [9, 4]]
        let joined = JoinedOutline([left, right])
        #expect(joined?.points == [[0, 0], [4, 0], [4, 4], [6, 4], [9, 4], [9, 9], [6, 4], [4, 4], [0, 4]])
        #expect(joined.map { area($0.points) } == area(left) + area(right), "the bridge has no area")
        #expect(JoinedOutline([[[0, 0], [1, 1]]]) == nil, "two points are no outline")
        let many = [[SIMD2<Double>]](repeating: left, count: JoinedOutline.mostParts + 1)
        #expect(JoinedOutline(many) == nil)
    }

    @Test("rows of polygons hold every object: those without an outline by the corners of their box")
    func rows() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg", "b.jpg")
            try folder.write(
                coco(
                    annotation(1, #""segmentation": [[10, 10, 30, 10, 30, 40]]"#),
                    annotation(2, #""segmentation": [[0, 0, 10, 0, 0, 10], [20, 0, 30, 0, 30, 10, 20, 0]]"#),
                    annotation(3, #""segmentation": [10, 10, 130, 10, 30, 40]"#),
                    annotation(4, box: "[10, 10, 20, 20]", #""segmentation": []"#),
                    annotation(5, box: "[1, 1, 2, 3]", #""segmentation": [[1, 2, 3]]"#),
                    annotation(6, box: "[1, 1, 2, 4]", #""segmentation": [["a"]]"#),
                    annotation(7, box: "[1, 1, 2, 5]", #""segmentation": {"counts": "~~", "size": [50, 100]}"#),
                    annotation(8, box: "[2, 1, 2, 6]", #""segmentation": {"counts": [100, 10, 40, 10, 4840], "size": [50, 100]}"#)),
                "val.json")
            let report = try folder.convert(.coco, "val.json") { $0.writesPolygons = true }
            #expect(folder.text("out/labels/val/a.txt") == """
                1 0.1 0.2 0.3 0.2 0.3 0.8
                1 0 0 0.1 0 0.2 0 0.3 0 0.3 0.2 0.2 0 0.1 0 0 0.2
                1 0.1 0.2 1 0.2 0.3 0.8
                1 0.1 0.2 0.3 0.2 0.3 0.6 0.1 0.6
                1 0.01 0.02 0.03 0.02 0.03 0.08 0.01 0.08
                1 0.01 0.02 0.03 0.02 0.03 0.1 0.01 0.1
                1 0.01 0.02 0.03 0.02 0.03 0.12 0.01 0.12
                1 0.02 0 0.04 0 0.04 0.2 0.02 0.2

                """)
            #expect(report.changes == ["1 object clipped to the image", "4 outlines replaced by the box"])
            #expect(report.problems.map { String($0.dropFirst(folder("val.json").count)) } == [
                ": annotation 5 is written as its box: its segmentation has a list of 3 numbers, which are no pairs",
                ": annotation 6 is written as its box: its segmentation is not lists of numbers",
                ": annotation 7 is written as its box: compressed runs that are damaged",
            ])
            // Every row is read as the outline that it is.
            let label = LabelFile(folder.text("out/labels/val/a.txt") ?? "")
            let corners = label.objects.map { $0.polygon?.points.count ?? 0 }
            #expect(corners == [3, 8, 3, 4, 4, 4, 4, 4])
        }
    }

    @Test("without a bbox, the box is that of the outline or the mask")
    func boxOfOutline() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg", "b.jpg")
            try folder.write(
                coco(
                    annotation(1, box: "null", #""segmentation": [[10, 10, 30, 10, 30, 40], [0, 20, 10, 20, 5, 30]]"#),
                    annotation(2, image: "2", box: "null", #""segmentation": {"counts": [110, 10, 4880], "size": [50, 100]}"#)),
                "val.json")
            try folder.convert(.coco, "val.json")
            #expect(folder.text("out/labels/val/a.txt") == "1 0.15 0.5 0.3 0.6\n")
            #expect(folder.text("out/labels/val/b.txt") == "1 0.025 0.3 0.01 0.2\n")
        }
    }

    // The numbers are those of pycocotools 2.0.11.
    @Test("runs are read in both forms, with the box of the COCO API")
    func runs() throws {
        let plain = try RunLengthMask(runs: [7, 3, 3, 1, 1, 1, 3, 3, 7, 1, 3, 3, 3, 3, 3, 3], width: 8, height: 6)
        #expect(plain.box == PixelBox(left: 1, top: 1, width: 7, height: 5))
        let compressed = try RunLengthMask(compressed: "733NN0224NL20000", width: 8, height: 6)
        #expect(compressed.outlines() == plain.outlines())
        // A ring, whose hole is filled, and an L that begins a column before.
        #expect(plain.outlines() == [
            [[4, 5], [5, 5], [5, 3], [8, 3], [8, 6], [4, 6]], [[1, 1], [4, 1], [4, 4], [1, 4]],
        ])
    }

    @Test("the outline of an ellipse encloses its pixels, neither more nor fewer")
    func ellipse() throws {
        let mask = try RunLengthMask(compressed: "m67f02N2N2N2O000O2O00000000000000000001N10001N2N2N2NV7", width: 40, height: 30)
        #expect(mask.box == PixelBox(left: 7, top: 6, width: 25, height: 17))
        let outlines = try #require(mask.outlines())
        #expect(outlines.count == 1)
        #expect(area(outlines[0]) == 357)
        #expect(PixelBox(around: outlines[0]) == mask.box)
    }

    @Test("parts that touch by a corner alone are two outlines")
    func touchingCorners() throws {
        // ##..
        // ..##
        let mask = try RunLengthMask(runs: [0, 1, 1, 1, 2, 1, 1, 1], width: 4, height: 2)
        #expect(mask.outlines() == [[[0, 0], [2, 0], [2, 1], [0, 1]], [[2, 1], [4, 1], [4, 2], [2, 2]]])
    }

    @Test("masks of any pixels have outlines that enclose just them, holes filled", arguments: 0..<200)
    func randomMasks(seed: Int) throws {
        var random = SampleRandom(seed: UInt64(seed), epoch: 0, index: 0, stream: .shapes)
        let (width, height) = (1 + random.index(below: 9), 1 + random.index(below: 9))
        let density = random.uniform(0.2, 0.9)
        let pixels = (0..<width * height).map { _ in random.chance(density) }
        var runs: [Int] = []
        var current = false
        for pixel in pixels {
            if pixel != current || runs.isEmpty {
                if runs.isEmpty, pixel { runs.append(0) }
                runs.append(0)
                current = pixel
            }
            runs[runs.count - 1] += 1
        }
        let mask = try RunLengthMask(runs: runs, width: width, height: height)
        let outlines = try #require(mask.outlines())
        for x in 0..<width {
            for y in 0..<height where pixels[x * height + y] {
                let center = SIMD2(Double(x) + 0.5, Double(y) + 0.5)
                #expect(outlines.count { contains($0, center) } >= 1, "pixel \(x), \(y)")
            }
        }
        // Filled: every hole's pixels are enclosed too, so the area is that of the pixels that the outside does not reach.
        #expect(outlines.reduce(0) { $0 + area($1) } >= Double(pixels.count { $0 }))
        #expect(mask.box == PixelBox(around: outlines.flatMap { $0 }))
    }

    @Test("runs that are no mask are refused, not believed", arguments: [
        ([5, -1], 4, 4), ([17], 4, 4), ([1, 16], 4, 4), ([Int.max, Int.max], 4, 4), ([1], 0, 4), ([1], 4, Int.max), ([1], -3, 4),
    ])
    func hostileRuns(runs: [Int], width: Int, height: Int) {
        #expect(throws: RunLengthMask.Defect.self) { try RunLengthMask(runs: runs, width: width, height: height) }
    }

    @Test("damaged compressed runs are refused", arguments: ["ooooooooooooooooooooo", "o", "é", "733NN0224NL2000\u{1}", String(repeating: "n", count: 20)])
    func hostileCompressedRuns(text: String) {
        #expect(throws: RunLengthMask.Defect.self) { try RunLengthMask(compressed: text, width: 8, height: 6) }
    }

    @Test("a mask too ragged to be outlined, as one of a million columns, still has its box")
    func raggedMask() throws {
        let mask = try RunLengthMask(runs: [0, 1_000_000], width: 1_000_000, height: 1)
        #expect(mask.outlines() == nil)
        #expect(mask.box == PixelBox(left: 0, top: 0, width: 1_000_000, height: 1))
    }

    private func area(_ points: [SIMD2<Double>]) -> Double {
        var doubled = 0.0
        for index in points.indices {
            let a = points[index], b = points[(index + 1) % points.count]
            doubled += a.x * b.y - b.x * a.y
        }
        return abs(doubled / 2)
    }

    /// By crossings of a ray.
    private func contains(_ points: [SIMD2<Double>], _ point: SIMD2<Double>) -> Bool {
        let crossings = points.indices.count { index in
            let a = points[index], b = points[(index + 1) % points.count]
            return (a.y > point.y) != (b.y > point.y) && a.x > point.x
        }
        return !crossings.isMultiple(of: 2)
    }
}
