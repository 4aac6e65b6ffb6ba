import Detection
import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

@Suite("Label files")
struct LabelFileTests {
    @Test("a row is class, centre and size")
    func box() throws {
        let file = try LabelFile(text: "0 0.5 0.5 0.2 0.2\n3 0.25 0.75 0.1 0.3\n", file: "a.txt")
        #expect(file.objects == [
            LabeledObject(classIndex: 0, box: NormalizedBox(centerX: 0.5, centerY: 0.5, width: 0.2, height: 0.2)),
            LabeledObject(classIndex: 3, box: NormalizedBox(centerX: 0.25, centerY: 0.75, width: 0.1, height: 0.3)),
        ])
    }

    @Test("windows line ends and tabs are white space")
    func whitespace() throws {
        let file = try LabelFile(text: "0\t0.5 0.5  0.2 0.2\r\n\r\n", file: "a.txt")
        #expect(file.objects.count == 1)
    }

    @Test("a byte-order mark at the start is passed over")
    func byteOrderMark() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("a.txt")
        try Data([0xEF, 0xBB, 0xBF] + Array("2 0.5 0.5 0.2 0.2\n".utf8)).write(to: file)
        #expect(try LabelFile(contentsOf: file.path, classCount: 3)?.objects.map(\.classIndex) == [2])
    }

    @Test("what is wrong is named with file, line and reason", arguments: [
        ("0 0.5 0.5 0.2 0.2\n\n0 0.5 0.5 0.2\n", "a.txt:3: a row has 5 columns"),
        ("0 0.5 0.5 0.2 0.2 0.9\n", "a.txt:1: a row has 5 columns"),
        ("person 0.5 0.5 0.2 0.2\n", "a.txt:1: 'person' is not a number"),
        ("0 nan 0.5 0.2 0.2\n", "a.txt:1: 'nan' is not a number"),
        ("0 0.5 0.5 -0.2 0.2\n", "a.txt:1: negative value -0.2"),
        ("0 0.5 1.5 0.2 0.2\n", "a.txt:1: coordinate 1.5 is above 1"),
        ("0 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n", "a.txt:2: class 7, but the data set has 3 classes (0 to 2)"),
        ("99999999999999999999 0.5 0.5 0.2 0.2\n", "a.txt:1: class 1000000000, but the data set has 3 classes"),
        ("1 0.1 0.1 0.5 0.1 0.5 0.6 0.1\n", "a.txt:1: a polygon is pairs of x and y"),
    ])
    func errors(text: String, message: String) throws {
        let error = #expect(throws: DataError.self) { try LabelFile(text: text, file: "a.txt", classCount: 3) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "no error")")
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
            let file = try? LabelFile(text: golden["label_text"].string, file: name)
            #expect((file != nil) == golden["kept"].bool, "\(name)")
            guard let file, golden["kept"].bool else { continue }
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
