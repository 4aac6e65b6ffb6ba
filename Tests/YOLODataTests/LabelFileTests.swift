import Detection
import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

@Suite("Label files")
struct LabelFileTests {
    @Test("a row is class, centre and size")
    func box() {
        let file = LabelFile("0 0.5 0.5 0.2 0.2\n3 0.25 0.75 0.1 0.3\n")
        #expect(file.objects == [
            LabeledObject(classIndex: 0, box: NormalizedBox(centerX: 0.5, centerY: 0.5, width: 0.2, height: 0.2)),
            LabeledObject(classIndex: 3, box: NormalizedBox(centerX: 0.25, centerY: 0.75, width: 0.1, height: 0.3)),
        ])
        #expect(file.faults.isEmpty)
    }

    @Test("lines end as on any system, tabs are white space, a byte-order mark is passed over", arguments: [
        "0\t0.5 0.5  0.2 0.2\r\n\r\n1 0.5 0.5 0.2 0.2", "0 0.5 0.5 0.2 0.2\r1 0.5 0.5 0.2 0.2\r",
        "\u{FEFF}0 0.5 0.5 0.2 0.2\n\n\u{0C}\n1 0.5 0.5 0.2 0.2",
    ])
    func whitespace(text: String) {
        let file = LabelFile(text)
        #expect(file.objects.map(\.classIndex) == [0, 1])
        #expect(file.faults.isEmpty)
    }

    @Test("numbers are the nearest floats, however they are written", arguments: [
        "0.1", ".1", "1e-1", "0.10000000000000000000001", "00.1", "+0.1", "0.479492", "0.688771", "0.999999999999999", "1.", "1",
    ])
    func numbers(text: String) throws {
        let file = LabelFile("0 \(text) 0.5 0.5 0.5")
        #expect(try #require(file.objects.first).box.centerX == Float(try #require(Double(text.hasSuffix(".") ? text + "0" : text))))
    }

    @Test("a row that is wrong is left out with its line and the reason, the others stay", arguments: [
        ("0 0.5 0.5 0.2 0.2\n\n0 0.5 0.5 0.2\n", 3, "a row has 5 columns"),
        ("0 0.5 0.5 0.2 0.2 0.9\n0 0.5 0.5 0.2 0.2", 1, "a row has 5 columns"),
        ("person 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2", 1, "'person' is not a number"),
        ("0 0.5 0.5 0.2 0.2\n0 nan 0.5 0.2 0.2\n", 2, "'nan' is not a number"),
        ("0 0.5 0.5 0.2 0.2\n0 0x1 0.5 0.2 0.2\n", 2, "'0x1' is not a number"),
        ("0 0.5 0.5 0.2 0.2\n0 . 0.5 0.2 0.2\n", 2, "'.' is not a number"),
        ("0 0.5 0.5 0.2 0.2\n0 1e999 0.5 0.2 0.2\n", 2, "'1e999' is not a number"),
        ("0 0.5 0.5 0.2 0.2\n0 \u{1B}[2J 0.5 0.2 0.2\n", 2, "'?[2J' is not a number"),
        ("0 0.5 0.5 -0.2 0.2\n0 0.5 0.5 0.2 0.2", 1, "negative value -0.2"),
        ("0 0.5 0.5 0.2 0.2\r\n0 0.5 1.5 0.2 0.2\r\n", 2, "coordinate 1.5 is above 1"),
        ("0 0.5 0.5 0.2 0.2\n1.5 0.5 0.5 0.2 0.2\n", 2, "class 1.5 is no whole number"),
        ("0 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n", 2, "class 7, but the data set has 3 classes (0 to 2)"),
        ("99999999999999999999 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2", 1, "class 1000000000, but the data set has 3 classes"),
        ("1 0.1 0.1 0.5 0.1 0.5 0.6 0.1\n0 0.5 0.5 0.2 0.2", 1, "a polygon is pairs of x and y"),
    ])
    func faults(text: String, line: Int, message: String) throws {
        let file = LabelFile(text, classCount: 3)
        #expect(file.objects.map(\.row) == [[0, 0.5, 0.5, 0.2, 0.2]])
        let fault = try #require(file.faults.first)
        #expect(file.faults.count == 1 && fault.line == line)
        #expect("\(fault.problem)".hasPrefix(message), "\(fault.problem)")
    }

    @Test("a row of five numbers is a box, also among polygons; the reference takes it for a polygon of two points")
    func mixedRows() {
        let text = "4 0.1 0.1 0.5 0.1 0.5 0.6 0.1 0.6\n0 0.5 0.5 0.2 0.2\n"
        #expect(LabelFile(text).objects[1].row == [0, 0.5, 0.5, 0.2, 0.2])
        #expect(LabelFile(text).objects[1].polygon == nil)
        #expect(LabelFile(text, policy: .reference).objects[1].polygon?.points.count == 2)
    }

    @Test("the label file of an image lies beside the last images folder", arguments: [
        ("/data/images/train/a.jpg", "/data/labels/train/a.txt"),
        ("/images/set/images/a.b.png", "/images/set/labels/a.b.txt"),
        ("pictures/a.jpg", "pictures/a.txt"),
        ("/data/images/v1.5/a", "/data/labels/v1.5/a.txt"),
    ])
    func labelPath(image: String, label: String) {
        #expect(ImagePaths.labelPath(forImage: image) == label)
    }
}

@Suite("Labels against the reference", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct GoldenLabelTests {
    /// Cases whose label text decides; the others are about the image and are built in `ImageCheckTests`.
    @Test("every label text is kept or dropped, and read, as by the reference")
    func cases() throws {
        let cases = try Fixtures.json("verify")["cases"].array.filter { $0["label_text"].exists && $0["found"].int == 1 }
        #expect(cases.count > 25)
        for golden in cases {
            let name = golden["case"].string
            let file = LabelFile(golden["label_text"].string, policy: .reference)
            #expect(file.faults.isEmpty == golden["kept"].bool, "\(name)")
            guard golden["kept"].bool else { continue }
            let rows = golden["labels"].array.map(\.floats)
            #expect(file.objects.map(\.row) == rows.map { [$0[0].rounded(.down)] + $0[1...] }, "\(name)")
            let segments = golden["segments"].array.map { $0.array.map { SIMD2($0[0].float, $0[1].float) } }
            #expect(file.objects.compactMap(\.polygon?.points) == segments, "\(name)")
            #expect(file.objects.isEmpty == (golden["empty"].int == 1), "\(name)")
        }
    }
}

extension LabeledObject {
    /// Class and box as a row of the reference's label arrays.
    var row: [Float] { [Float(classIndex), box.centerX, box.centerY, box.width, box.height] }
}
