@testable import Detection
import Foundation
import GoldenFixtures
import Testing

@Suite("COCO's files")
struct COCOFileTests {
    private func document(_ text: String) -> COCODocument { COCODocument(Data(text.utf8), path: "file.json") }

    private let truth = #"""
        {"info": {"year": 2017}, "images": [{"license": 4, "file_name": "val2017/000000000139.jpg", "id": 139}, {"id": "b"}],
         "annotations": [
          {"segmentation": [[1, 2, 3, 4]], "area": 1e2, "iscrowd": 1, "image_id": 139, "bbox": [1.5, 2, 30, 40],
           "category_id": 44, "id": 7},
          {"image_id": "b", "bbox": [0, 0, 3, 4], "category_id": 1}],
         "categories": [{"supercategory": "person", "id": 1, "name": "person"}, {"id": 44}]}
        """#

    @Test("Annotations are read, and what they lack is made up for")
    func groundTruth() throws {
        let read = try COCOGroundTruth(document(truth))
        #expect(read.images == [.init(id: .number(139), fileName: "val2017/000000000139.jpg"), .init(id: .text("b"))])
        #expect(read.categories == [.init(id: 1, name: "person"), .init(id: 44, name: "44")])
        #expect(read.annotations == [
            .init(
                imageID: .number(139), categoryID: 44, box: COCOBox(left: 1.5, top: 2, width: 30, height: 40), area: 100, isCrowd: true),
            .init(imageID: .text("b"), categoryID: 1, box: COCOBox(left: 0, top: 0, width: 3, height: 4), area: 12),
        ])
        #expect(try COCOGroundTruth(document("\u{FEFF}" + truth)).annotations == read.annotations)
    }

    @Test("What is wrong with annotations is said in one line", arguments: [
        ("[]", "the document is [], not an object with 'images', 'categories' and 'annotations'"),
        (#"{"images": [], "annotations": []}"#, "there is no list 'categories', only 'images', 'annotations'"),
        ("{}", "there is no list 'images', only nothing"),
        (#"{"images": 3}"#, "'images' is 3, not a list"),
        (#"{"images": [5]}"#, "entry 1 of 'images' is 5, not an object"),
        (#"{"images": [{"id": 1}, {"id": 1.5}]}"#, "entry 2 of 'images': 'id' is 1.5, not a whole number or a text"),
        (#"{"categories": [{"id": "1"}]}"#, "entry 1 of 'categories': 'id' is \"1\", not a whole number"),
        (#"{"annotations": [{"bbox": [1, 2, 3]}]}"#,
         "entry 1 of 'annotations': 'bbox' is [1, 2, 3], not left, top, width and height, four finite numbers"),
        (#"{"annotations": [{"bbox": [1, 2, 3, NaN]}]}"#,
         "entry 1 of 'annotations': 'bbox' is [1, 2, 3, NaN], not left, top, width and height, four finite numbers"),
        (#"{"annotations": [{"bbox": [1, 2, 3, 4], "area": 1e999}]}"#, "entry 1 of 'annotations': 'area' is 1e999, not a finite number"),
        (#"{"annotations": [{"bbox": [1, 2, 3, 4], "image_id": 1}]}"#, "entry 1 of 'annotations' has no 'category_id'"),
        (#"{"annotations": [}"#, "not valid JSON at byte 17: a value is expected"),
        ("", "not valid JSON at byte 0: the document ends early; a value is expected"),
    ])
    func malformed(text: String, problem: String) throws {
        #expect(throws: COCOError.malformed(path: "file.json", line: 1, problem: problem)) { try COCOGroundTruth(document(text)) }
    }

    @Test("What is wrong with detections is said in one line", arguments: [
        (#"{"a": 1}"#, 1, #"the document is {"a": 1}, not a list"#),
        ("[\n[]]", 2, "entry 1 is [], not an object"),
        (#"[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "score": "0.5"}]"#, 1,
         "entry 1: 'score' is \"0.5\", not a finite number"),
        (#"[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}]"#, 1, "entry 1 has no 'score'"),
        ("[]]", 1, "not valid JSON at byte 2: something follows the end of the document"),
    ])
    func malformedDetections(text: String, line: Int, problem: String) throws {
        #expect(throws: COCOError.malformed(path: "file.json", line: line, problem: problem)) {
            try COCODetection.read(document(text))
        }
    }

    @Test("Files that are none")
    func unreadable() throws {
        #expect(throws: COCOError.unreadable(path: "/nowhere/x.json", reason: "No such file or directory")) {
            try COCOGroundTruth(contentsOf: "/nowhere/x.json")
        }
        #expect(throws: COCOError.unreadable(path: "/dev/null", reason: "it is no file")) {
            try COCODetection.read(contentsOf: "/dev/null")
        }
        #expect(throws: COCOError.unwritable(path: "/nowhere/x.json", reason: "No such file or directory")) {
            try COCODetectionWriter(path: "/nowhere/x.json")
        }
    }

    @Test("Messages hold nothing that a terminal obeys")
    func printable() {
        let error = COCOError.unknownImages(example: .text("\u{1B}[2J"), count: 1, imageCount: 3)
        #expect(error.description.contains("such as image '\\u{1b}[2J'"))
    }

    @Test("Broken bytes end in an error or in values, nothing else")
    func broken() {
        let bytes = Array(truth.utf8)
        let detections = Array(#"[{"image_id": 139, "category_id": 44, "bbox": [1.5, 2, 30, 40], "score": 0.5}, {"image_id": "b"}]"#.utf8)
        var random = SeededGenerator(seed: 2)
        func check(_ bytes: [UInt8]) {
            let document = COCODocument(Data(bytes), path: "file.json")
            do throws(COCOError) {
                let truth = try COCOGroundTruth(document)
                _ = try COCOEvaluation(of: [], against: truth)
            } catch {
                #expect(!error.description.isEmpty)
            }
            do throws(COCOError) { _ = try COCODetection.read(document) } catch { #expect(!error.description.isEmpty) }
        }
        for whole in [bytes, detections] {
            for length in whole.indices { check(Array(whole.prefix(length))) }
            for _ in 0..<2000 {
                var changed = whole
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    changed[Int.random(in: changed.indices, using: &random)] = (0...255).randomElement(using: &random) ?? 0
                }
                check(changed)
            }
        }
        check([UInt8](repeating: UInt8(ascii: "["), count: 100_000))
    }

    @Test("Detections come back as they were, batch after batch, and nothing is there before the end")
    func writing() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("predictions.json").path
        let ids: [AnnotationID] = [.number(139), .text("a \"b\"\\\n é"), .text("123456789012345678901")]
        let detections = (0..<10_000).map { index in
            COCODetection(
                imageID: ids[index % 3], categoryID: index % 80,
                box: COCOBox(left: Double(index) / 1000, top: -0.5, width: 1e-5, height: 1e20),
                score: Double(index) / 100_000)
        }
        let writer = try COCODetectionWriter(path: path)
        for start in stride(from: 0, to: detections.count, by: 1000) { try writer.append(Array(detections[start..<start + 1000])) }
        #expect(!FileManager.default.fileExists(atPath: path))
        try writer.finish()
        #expect(try COCODetection.read(contentsOf: path) == detections)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["predictions.json"])
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix(#"[{"image_id": 139, "category_id": 0, "bbox": [0.0, -0.5, 1e-05, 1e+20], "score": 0.0}, {"image_id": "#))
        #expect(text.contains(#"{"image_id": "a \"b\"\\\u000a é", "#))
        #expect(text.contains(#"{"image_id": 123456789012345678901, "#))
    }

    @Test("No detections are an empty list, and what is not finished leaves nothing")
    func emptyAndGivenUp() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("predictions.json").path
        try COCODetectionWriter(path: path).finish()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "[]")
        #expect(try COCODetection.read(contentsOf: path).isEmpty)
        do {
            let writer = try COCODetectionWriter(path: path)
            try writer.append([])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["predictions.json"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "[]")
    }

    @Test("Pixels get three decimals and scores five, as Python rounds them", arguments: [
        (2.0625, 2.062), (3.1875, 3.188), (0.0005, 0.001), (639.9999, 640), (-0.0004, 0), (50, 50), (100_000.031, 100_000.031),
    ] as [(Float, Double)])
    func rounding(pixels: Float, expected: Double) {
        let object = DetectedObject(
            box: Box(x1: pixels, y1: pixels, x2: pixels, y2: pixels), confidence: 0.869765, classIndex: 0)
        let detection = COCODetection(object, imageID: .number(1), categoryID: 1)
        #expect(detection.box == COCOBox(left: expected, top: expected, width: 0, height: 0))
        #expect(detection.score == 0.86977 || detection.score == 0.86976)
    }

    @Test("Images are called by the digits or the text of their file", arguments: [
        ("images/val2017/000000000139.jpg", .number(139)), ("0.png", .number(0)), ("000.png", .number(0)), ("bus.v1.jpg", .text("bus.v1")),
        ("12a.jpg", .text("12a")), ("x/.jpg", .text(".jpg")), ("9007199254740991.jpg", .number(9_007_199_254_740_991)),
        ("009007199254740993.jpg", .text("9007199254740993")), ("123456789012345678901234.jpg", .text("123456789012345678901234")),
    ] as [(String, AnnotationID)])
    func imageNames(path: String, expected: AnnotationID) {
        #expect(AnnotationID(ofFile: path) == expected)
    }

    @Test("Image files find their id by name, then by number")
    func imageIDs() {
        let truth = COCOGroundTruth(
            images: [
                .init(id: .number(7), fileName: "train/000000000139.jpg"), .init(id: .number(8), fileName: "a/same.jpg"),
                .init(id: .number(9), fileName: "b/same.jpg"), .init(id: .number(10)),
            ], categories: [], annotations: [])
        #expect(truth.imageIDs(ofFiles: ["x/000000000139.jpg", "a/same.jpg", "10.jpg", "11.jpg"]) == [.number(7), nil, .number(10), nil])
    }
}
