import Foundation
import Testing
@testable import YOLOData

@Suite("Hostile annotations")
struct HostileAnnotationTests {
    /// Texts of a COCO file that cannot be converted, and what is said of them.
    static let broken: [(text: String, clue: String)] = [
        ("", "not valid JSON at byte 0: the document ends early"), ("[]", "there is no list 'images'"), ("null", "there is no list 'images'"),
        ("{\"images\": [],\n\"annotations\": [}", "val.json:2: not valid JSON at byte 31: a value is expected"),
        ("{\"images\": [{\"id\": 1}", "the document ends early"), (#"{"images": {}, "annotations": []}"#, "there is no list 'images'"),
        (#"{"images": []}"#, "there is no list 'annotations'"), (#"{"images": [], "annotations": []}"#, "not one object can be used; it holds no annotation"),
        (#"{"images": [], "annotations": []} x"#, "something follows the end"), (#"{"images": ["\ud8"], "annotations": []}"#, "lacks its four digits"),
        (#"{"images": [01], "annotations": []}"#, "a number is expected"), (#"{"images": [1.], "annotations": []}"#, "ends at its decimal point"),
        (#"{"images": [1e], "annotations": []}"#, "ends at its exponent"), (#"{"images": [nul], "annotations": []}"#, "'null' is expected"),
        (String(repeating: "[", count: 100_000), "nested deeper"), (String(repeating: #"{"a":"#, count: 100_000), "nested deeper"),
        ("\u{FFFE}", "not valid JSON"), ("{\"images\": [\"a\nb\"], \"annotations\": []}", "control character"),
        (coco(categories: #"{"id": 3, "name": "cat"}, {"id": 3, "name": "dog"}"#, annotation(1)), "category 3 is 'dog' here and 'cat' before"),
        (coco(images: "", annotation(1)), "not one object can be used"), (coco(annotation(1, box: "[0, 0, 0, 0]")), "annotation 1 left out: it has no area"),
    ]

    @Test("broken files end with one message, and leave nothing behind", arguments: broken)
    func brokenFiles(text: String, clue: String) throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg")
            try folder.write(text, "val.json")
            let error = #expect(throws: ConversionError.self) { try folder.convert(.coco, "val.json") }
            #expect(error?.description.contains(clue) == true, "\(error?.description ?? "")")
            #expect(!folder.contents().keys.contains { $0.hasPrefix("out/") })
        }
    }

    @Test("names that lead out of the folder, or are no images', cost their image", arguments: [
        "../../escaped.jpg", "a/../../../escaped.jpg", "..\\\\..\\\\escaped.jpg", "../\u{301}../../escaped.jpg", "..\\\\\u{301}a.jpg", "", "a.txt", "a", "a.jpg/..", "a\\u0000.jpg", "a\\n.jpg",
        String(repeating: "x", count: 251) + ".jpg", String(repeating: "d/", count: 600) + "a.jpg",
    ])
    func names(name: String) throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("deep/deeper/a.jpg", "deep/deeper/b.jpg", "escaped.jpg", "deep/escaped.jpg")
            let images = #"{"id": 1, "file_name": "\#(name)", "width": 100, "height": 50}, {"id": 2, "file_name": "b.jpg", "width": 100, "height": 50}"#
            try folder.write(coco(images: images, annotation(1), annotation(2, image: "2")), "deep/deeper/val.json")
            let before = folder.contents()
            for images in [ConversionOptions.Images.link, .none] {
                let report = try folder.convert(.coco, "deep/deeper/val.json", to: "deep/deeper/out") { $0.images = images }
                #expect(report.problems.count == 1 && report.problems[0].contains("image 1"), "\(report.problems)")
                let made = folder.contents().keys.filter { before[$0] == nil }
                #expect(made.allSatisfy { $0.hasPrefix("deep/deeper/out/") })
                #expect(folder.contents().filter { before[$0.key] != nil } == before)
            }
        }
    }

    @Test("of absolute names and addresses the last part counts, of names below images what follows", arguments: [
        ("/pictures/a.jpg", "a.jpg"), ("C:\\\\pictures\\\\a.jpg", "a.jpg"), ("https://example.org/x/a.jpg", "a.jpg"), ("./x//a.JPG", "x/a.JPG"),
        ("images/v1/patch8/a.jpg", "v1/patch8/a.jpg"), ("x/images/y/images/a.jpg", "a.jpg"), ("images\\\\a.jpg", "a.jpg"), ("été/犬.jpg", "été/犬.jpg"),
    ])
    func usableNames(name: String, checked: String) throws {
        #expect(try ImageName.checked(name.replacingOccurrences(of: "\\\\", with: "\\")) == checked)
    }

    @Test("the label of every image is below the data set, and where training looks for it")
    func labelsBelowImages() throws {
        try ConversionFolder.open { folder in
            let images = ["images/x/a.jpg", "a/images/b.jpg", "labels/c.jpg"].enumerated().map {
                #"{"id": \#($0.offset), "file_name": "\#($0.element)", "width": 100, "height": 50}"#
            }.joined(separator: ",")
            try folder.write(coco(images: images, annotation(0, image: "0"), annotation(1, image: "1"), annotation(2, image: "2")), "val.json")
            try folder.convert(.coco, "val.json") { $0.images = .none }
            #expect(folder.contents().keys.filter { $0.hasSuffix(".txt") }.sorted() == [
                "out/labels/val/b.txt", "out/labels/val/labels/c.txt", "out/labels/val/x/a.txt",
            ])
        }
    }

    @Test("ids and labels that repeat do not mix up images")
    func repetitions() throws {
        try ConversionFolder.open { folder in
            let images = #"{"id": 1, "file_name": "a.jpg", "width": 100, "height": 50}, {"id": 1, "file_name": "b.jpg", "width": 100, "height": 50}, {"id": 2, "file_name": "a.png", "width": 100, "height": 50}"#
            try folder.drawImages("a.jpg", "b.jpg", "a.png")
            try folder.write(coco(images: images, annotation(1), annotation(2, image: "2", box: "[0, 0, 5, 5]")), "val.json")
            let report = try folder.convert(.coco, "val.json")
            #expect(folder.text("out/labels/val/a.txt") == "1 0.2 0.5 0.2 0.6\n")
            #expect(report.problems.contains { $0.contains("image 1 (b.jpg) has the id of an earlier one") })
            #expect(report.problems.contains { $0.contains("a.png left out: it has the label file of a.jpg") })
        }
    }

    @Test("names of classes reach the YAML as they are, whatever they hold", arguments: [
        "dog", "no", "1", "a: b", "# x", "'", "\"q\"", "back\\slash", "tab\tnew\nline", " padded ", "*alias", "@x", "{a}", "", "Ünï 犬 🐕", "\u{85}\u{2028}\u{7}",
        "null", "~", "- x", "x #y", "Truck w/Box", "!!int 3", "%x", "3e5", "0x1F", "true",
    ])
    func classNames(name: String) throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg")
            let category = String(decoding: try JSONEncoder().encode(["name": name]), as: UTF8.self).dropFirst().dropLast()
            try folder.write(coco(categories: #"{"id": 3, \#(category)}"#, annotation(1)), "val.json")
            let report = try folder.convert(.coco, "val.json")
            #expect(try DatasetDescription(contentsOf: report.yaml).names == [name])
            // A second conversion finds the YAML to be its own.
            try folder.convert(.coco, "val.json")
        }
    }

    @Test("a folder that cannot be read or written is named")
    func files() throws {
        try ConversionFolder.open { folder in
            for (source, clue) in [("nowhere", "nowhere not found"), ("nowhere.json", "nowhere.json not found")] {
                let error = #expect(throws: ConversionError.self) { try folder.convert(.coco, source) }
                #expect(error?.description.contains(clue) == true)
            }
            for format in AnnotationFormat.allCases {
                let error = #expect(throws: ConversionError.self) { try folder.convert(format, "nowhere") }
                #expect(error?.description.contains("nowhere") == true, "\(format): \(error?.description ?? "")")
                try folder.write("\u{0}\u{1}nonsense,\u{2}\n,,,,,,,\n{[<", "rubbish/rubbish")
                for source in ["rubbish", "rubbish/rubbish"] { #expect(throws: ConversionError.self) { try folder.convert(format, source) } }
            }
            try folder.drawImages("a.jpg")
            try folder.write(coco(annotation(1)), "val.json")
            try folder.write("", "out")
            let error = #expect(throws: ConversionError.self) { try folder.convert(.coco, "val.json") }
            #expect(error?.description.contains("cannot be written") == true, "\(error?.description ?? "")")
        }
    }

    @Test("every cut and every flipped byte of a file is refused or read, never a crash")
    func mutations() throws {
        let text = Array(coco(annotation(1, #""segmentation": [[1, 2, 30, 4, 5, 6]], "iscrowd": 0"#), annotation(2, #""segmentation": {"counts": "733NN0", "size": [50, 100]}"#)).utf8)
        var random = SampleRandom(seed: 1, epoch: 0, index: 0, stream: .shapes)
        try ConversionFolder.open { folder in
            for round in 0..<600 {
                var changed = text
                if round < text.count { changed[round] = UInt8(random.index(below: 256)) } else { changed.removeLast(random.index(below: text.count)) }
                try Data(changed).write(to: URL(fileURLWithPath: folder("val.json")))
                guard let file = try? COCOFile(folder("val.json")), let classes = try? CategoryTable([file], names: nil) else { continue }
                var options = ConversionOptions()
                options.writesPolygons = true
                let reader = COCOObjects(file: file, classes: classes, options: options)
                for image in file.images.indices {
                    let objects = reader.objects(ofImage: image).objects
                    let rows = LabelRows(objects, width: 100, height: 50, writesPolygons: true, name: "x")
                    #expect(LabelFile(String(decoding: rows.bytes, as: UTF8.self)).faults.isEmpty)
                }
            }
        }
    }
}
