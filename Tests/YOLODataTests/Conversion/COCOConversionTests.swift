import Detection
import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

@Suite("Converting COCO")
struct COCOConversionTests {
    @Test("boxes become rows, categories consecutive classes, images links, and a YAML names it all")
    func boxes() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("train2017/a.jpg", "train2017/b.jpg")
            try folder.write(
                coco(annotation(1), annotation(2, category: "90", box: "[0, 0, 100, 50]"), annotation(3, category: "1", box: "[90.5, 20, 9.5, 5]")),
                "annotations/instances_train2017.json")
            let report = try folder.convert(.coco, "annotations/instances_train2017.json")
            #expect(folder.text("out/labels/train2017/a.txt") == "1 0.2 0.5 0.2 0.6\n2 0.5 0.5 1 1\n0 0.9525 0.45 0.095 0.1\n")
            #expect(!folder.exists("out/labels/train2017/b.txt"), "an image without objects has no label file")
            #expect(report.names == ["dog", "cat", "bird"])
            #expect((report.imageCount, report.objectCount) == (2, 3))
            #expect(report.problems.isEmpty && report.changes.isEmpty)
            #expect(report.description == "train2017: 2 images, 3 objects; 1 image without objects has no label file")
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: folder("out/images/train2017/a.jpg"))
            #expect(link == "../../../train2017/a.jpg")

            let description = try DatasetDescription(contentsOf: report.yaml)
            #expect(report.yaml == folder("out/out.yaml"))
            #expect(description.names == report.names)
            let set = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
            #expect((set.imageCount, set.labelCount) == (2, 3))
            #expect(set.warning == nil && set.report.problems.isEmpty)
            #expect(report.notes.contains { $0.contains("no validation images") })
        }
    }

    @Test("a folder is searched for its annotations; captions beside them are left alone; splits go where their names say")
    func folder() throws {
        try ConversionFolder.open { folder in
            for split in ["train2017", "val2017"] {
                try folder.drawImages("coco/images/\(split)/a.jpg", "coco/images/\(split)/b.jpg")
                try folder.write(coco(annotation(1)), "coco/annotations/instances_\(split).json")
                try folder.write("{}", "coco/annotations/captions_\(split).json")
            }
            let before = folder.contents()
            // Into its own folder: the images are in their place.
            let report = try folder.convert(.coco, "coco", to: "coco")
            #expect(report.splits.map(\.name) == ["train2017", "val2017"])
            #expect(folder.text("coco/coco.yaml")?.contains("train: images/train2017\nval: images/val2017\nnc: 3\nnames:\n  0: dog\n  1: cat\n") == true)
            let made = folder.contents().filter { before[$0.key] == nil }.keys.sorted()
            #expect(made == ["coco/coco.yaml", "coco/labels/train2017/a.txt", "coco/labels/val2017/a.txt"])
            #expect(report.notes.isEmpty)
        }
    }

    @Test("splits that are converted one by one into one folder share its YAML")
    func oneByOne() throws {
        try ConversionFolder.open { folder in
            for split in ["train", "val"] {
                try folder.drawImages("images/\(split)/a.jpg")
                try folder.write(coco(annotation(1)), "zhiyuan_objv2_\(split).json")
            }
            try folder.convert(.coco, "zhiyuan_objv2_train.json")
            #expect(folder.text("out/out.yaml")?.contains("train: images/train\nval: images/train\n") == true)
            try folder.convert(.coco, "zhiyuan_objv2_val.json")
            #expect(folder.text("out/out.yaml")?.contains("train: images/train\nval: images/val\n") == true)
            try ConversionFolder.open { other in
                for split in ["train", "val"] { try other.drawImages("images/\(split)/a.jpg") }
                for split in ["val", "train"] {
                    try other.write(coco(annotation(1)), "\(split).json")
                    try other.convert(.coco, "\(split).json")
                }
                #expect(other.text("out/out.yaml") == folder.text("out/out.yaml"), "in either order")
            }
        }
    }

    @Test("objects that are clipped, without area, crowds, repeated or unusable are counted, the latter named")
    func leftOut() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg", "b.jpg")
            try folder.write(
                coco(
                    annotation(1, box: "[-10, -10, 20, 20]"), annotation(2, box: "[200, 10, 20, 20]"), annotation(3, box: "[5, 5, 0, 20]"),
                    annotation(4, #""iscrowd": 1"#), annotation(5), annotation(6), annotation(7, box: "[5, 5, -4, 20]"),
                    annotation(8, box: "[1, NaN, 2, 3]"), annotation(9, box: "[1, 2, 3]"), annotation(10, box: "\"wide\""),
                    annotation(11, category: "4"), annotation(12, image: "77"), annotation(13, box: "[0, 0, 1e999, 20]"),
                    annotation(14, image: "2", box: "[1, 1, 1e300, 1e300]"), "7", #"{"id": 16}"#),
                "val.json")
            let report = try folder.convert(.coco, "val.json")
            #expect(folder.text("out/labels/val/a.txt") == "1 0.05 0.1 0.1 0.2\n1 0.2 0.5 0.2 0.6\n")
            #expect(folder.text("out/labels/val/b.txt") == "1 0.505 0.51 0.99 0.98\n")
            #expect(report.changes == [
                "1 crowd annotation left out", "2 objects without area inside the image left out", "1 repeated object left out",
                "9 unusable annotations left out", "2 objects clipped to the image",
            ])
            #expect(report.problemCount == 11)
            #expect(report.problems.count == ConversionTally.keptProblems)
            let all = try Self.problems(folder)
            for clue in [
                "annotation 2 left out: it has no area", "annotation 7 left out: its bbox has the size -4.0 by 20.0",
                "annotation 8 left out: its bbox holds a number that is not finite", "annotation 9 left out: its bbox has 3 numbers",
                "annotation 10 left out: its bbox is not four numbers, and it has no outline",
                "annotation 11 left out: there is no category 4", "an annotation is of image 77, which is not there",
                "annotation 13 left out", "an entry of 'annotations' is no object", "names no image",
            ] {
                #expect(all.contains { $0.hasPrefix(folder("val.json")) && $0.contains(clue) }, "\(clue) in \(all)")
            }
        }
    }

    /// All problems of val.json, beyond those that a report keeps.
    private static func problems(_ folder: ConversionFolder) throws -> [String] {
        let file = try COCOFile(folder("val.json"))
        let objects = COCOObjects(file: file, classes: try CategoryTable([file], names: nil), options: ConversionOptions())
        var problems = file.tally.problems
        for image in file.images.indices {
            for position in file.annotationPositions(ofImage: image) {
                var result = ImageObjects()
                objects.add(at: position, to: &result)
                let rows = LabelRows(result.objects, width: 100, height: 50, writesPolygons: false, name: folder("val.json"))
                problems += result.tally.problems + rows.tally.problems
            }
        }
        return problems
    }

    @Test("crowds are kept on demand, and chosen classes alone are written in their order")
    func options() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg", "b.jpg")
            try folder.write(coco(annotation(1, category: "90", #""iscrowd": 1"#), annotation(2), annotation(3, category: "1")), "val.json")
            let report = try folder.convert(.coco, "val.json") {
                $0.keepsCrowds = true
                $0.names = ["bird", "horse", "dog"]
            }
            #expect(folder.text("out/labels/val/a.txt") == "0 0.2 0.5 0.2 0.6\n2 0.2 0.5 0.2 0.6\n")
            #expect(report.changes == ["1 object of other classes left out"])
            #expect(report.names == ["bird", "horse", "dog"])
            let error = #expect(throws: ConversionError.self) { try folder.convert(.coco, "val.json", to: "none") { $0.names = ["horse"] } }
            #expect(error?.description.contains("its categories are dog, cat, bird") == true, "\(error?.description ?? "")")
        }
    }

    @Test("texts serve as ids, and numbers of 64 bits keep apart")
    func identifiers() throws {
        try ConversionFolder.open { folder in
            let images = #"{"id": 9223372036854775001, "file_name": "a.jpg"}, {"id": 9223372036854775002, "file_name": "b.jpg"}, {"id": "x", "file_name": "c.jpg"}"#
            try folder.drawImages("a.jpg", "b.jpg", "c.jpg")
            try folder.write(
                coco(
                    images: images, annotation(1, image: "9223372036854775002", box: "[0, 0, 50, 25]"),
                    annotation(2, image: #""x""#, box: "[50, 25, 50, 25]")), "val.json")
            try folder.convert(.coco, "val.json")
            #expect(!folder.exists("out/labels/val/a.txt"))
            // The file does not say how large they are; the images do.
            #expect(folder.text("out/labels/val/b.txt") == "1 0.25 0.25 0.5 0.5\n")
            #expect(folder.text("out/labels/val/c.txt") == "1 0.75 0.75 0.5 0.5\n")
        }
    }

    @Test("sizes that are not those of the images are noticed")
    func wrongSizes() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg", width: 50, height: 100)
            try folder.write(coco(annotation(1)), "val.json")
            let report = try folder.convert(.coco, "val.json")
            #expect(report.notes.contains { $0.contains("a.jpg is 50 by 100 pixels, not 100 by 50") })
            #expect(report.changes.contains("1 image not found and left out"))
        }
    }

    @Test("images are copied, or left where they are")
    func images() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("pictures/a.jpg", "pictures/b.jpg")
            try folder.write(coco(annotation(1)), "val.json")
            let error = #expect(throws: ConversionError.self) { try folder.convert(.coco, "val.json") }
            #expect(error?.description.contains("--image-folder") == true)
            #expect(!folder.exists("out"))
            try folder.convert(.coco, "val.json", to: "copied") { ($0.images, $0.imageFolder) = (.copy, folder("pictures")) }
            #expect(folder.contents()["copied/images/val/a.jpg"] == folder.contents()["pictures/a.jpg"])
            try folder.convert(.coco, "val.json", to: "bare") { $0.images = .none }
            #expect(folder.exists("bare/labels/val/a.txt") && !folder.exists("bare/images"))
        }
    }

    @Test("nothing is replaced without being told; a conversion that was stopped goes on")
    func replacing() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg", "b.jpg")
            try folder.write(coco(annotation(1)), "val.json")
            try folder.convert(.coco, "val.json")
            let first = folder.contents()
            try folder.convert(.coco, "val.json")
            #expect(folder.contents() == first, "again, with the same result")
            try FileManager.default.removeItem(atPath: folder("out/out.yaml"))
            try FileManager.default.removeItem(atPath: folder("out/images/val/b.jpg"))
            try folder.convert(.coco, "val.json")
            #expect(folder.contents() == first)

            try folder.write("0 0.1 0.1 0.1 0.1\n", "out/labels/val/b.txt")
            try folder.write(coco(annotation(1, box: "[0, 0, 10, 10]")), "val.json")
            let before = folder.contents()
            let error = #expect(throws: ConversionError.self) { try folder.convert(.coco, "val.json") }
            #expect(error?.description.hasPrefix("\(folder("out/labels/val/a.txt")) is there already, and 1 more of the files to write; nothing was written") == true)
            #expect(folder.contents() == before)
            try folder.convert(.coco, "val.json") { $0.replacesFiles = true }
            #expect(folder.text("out/labels/val/a.txt") == "1 0.05 0.1 0.1 0.2\n")
            #expect(!folder.exists("out/labels/val/b.txt"), "the label of an image that has no object any more")
        }
    }

    @Test("an image of the user's is never replaced")
    func imageInTheWay() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg")
            try folder.drawImages("out/images/val/a.jpg", width: 20, height: 20)
            try folder.write(coco(annotation(1)), "val.json")
            let before = folder.contents()
            for images in [ConversionOptions.Images.link, .copy] {
                #expect(throws: ConversionError.self) {
                    try folder.convert(.coco, "val.json") { ($0.images, $0.replacesFiles, $0.imageFolder) = (images, true, folder.path) }
                }
            }
            #expect(folder.contents() == before)
        }
    }

    @Test("an image in place that two splits have is in both where they agree on its objects; else the first one has it", arguments: [true, false])
    func sharedImage(agrees: Bool) throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("set/images/a.jpg", "set/images/b.jpg")
            try folder.write(coco(annotation(1)), "set/train.json")
            try folder.write(coco(annotation(1, box: agrees ? "[10, 10, 20, 30]" : "[0, 0, 10, 10]"), annotation(2, image: "2")), "set/val.json")
            let report = try folder.convert(.coco, "set/train.json", "set/val.json", to: "set")
            #expect(folder.text("set/labels/a.txt") == "1 0.2 0.5 0.2 0.6\n")
            #expect(folder.text("set/train.txt") == "./images/a.jpg\n./images/b.jpg\n")
            #expect(folder.text("set/val.txt") == (agrees ? "./images/a.jpg\n" : ""))
            let reasons = report.problems.filter { $0.hasPrefix("\(folder("set/val.json")): ") && $0.contains(folder("set/train.json")) }
            #expect(reasons.count == (agrees ? 1 : 2), "\(report.problems)")
            #expect(report.changes == [agrees ? "1 unusable image left out" : "2 unusable images left out"])
        }
    }

    @Test("what a name says of a split is told by whole words", arguments: [
        ("train2017", [.train]), ("val2017", [.val]), ("instances_val2017", [.val]), ("2017val", [.val]), ("cocoVal2017", [.val]),
        ("COCOVal", [.val]), ("minival2014", [.val]), ("valminusminival2014", [.train]), ("valid", [.val]), ("Validation", [.val]),
        ("test-dev2017", [.test]), ("TEST", [.test]), ("testSet", [.test]), ("dog_test", [.test]), ("trainval", [.train]),
        ("train_val", [.train]), ("trainval2007", [.train]), ("latest", [.train]), ("contest_photos", [.train]), ("carnival", [.train]),
        ("interval-7", [.train]), ("", [.train]), ("图_test", [.test]),
    ] as [(String, [AnnotatedSplit.Role])])
    func roles(name: String, roles: [AnnotatedSplit.Role]) {
        #expect(AnnotatedSplit.roles(ofName: name) == roles)
    }

    @Test("images in the data set's own folder stay there, and a list says which they are")
    func imagesInPlace() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("set/images/a.jpg", "set/images/b.jpg", "set/images/other.jpg")
            try folder.write(coco(annotation(1)), "set/val.json")
            let report = try folder.convert(.coco, "set/val.json", to: "set")
            #expect(folder.text("set/labels/a.txt") == "1 0.2 0.5 0.2 0.6\n")
            #expect(folder.text("set/val.txt") == "./images/a.jpg\n./images/b.jpg\n")
            #expect(!folder.exists("set/images/val"))
            let description = try DatasetDescription(contentsOf: report.yaml)
            let set = try LabeledImageSet(description.validation, of: description, name: "val", requiresLabels: true)
            #expect((set.imageCount, set.labelCount) == (2, 1))
        }
    }
}

@Suite("Converting COCO, real labels", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct COCORoundTripTests {
    @Test("coco128 made into COCO and back has its boxes again")
    func roundTrip() throws {
        let description = try DatasetDescription(contentsOf: Fixtures.data.appendingPathComponent("coco128.yaml").path)
        let set = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
        try ConversionFolder.open { folder in
            try folder.write(Self.coco(set, names: description.names), "instances_train2017.json")
            let images = (set.images[0].path as NSString).deletingLastPathComponent
            let report = try folder.convert(.coco, "instances_train2017.json") { $0.imageFolder = images }
            #expect(report.names == description.names)
            #expect(report.problems == [] && report.notes.count == 1)
            let again = try DatasetDescription(contentsOf: report.yaml)
            let converted = try LabeledImageSet(again.train, of: again, name: "train", requiresLabels: true)
            #expect(converted.imageCount == set.imageCount && converted.labelCount == set.labelCount)
            for (image, original) in zip(converted.images, set.images) {
                #expect((image.path as NSString).lastPathComponent == (original.path as NSString).lastPathComponent)
                try #require(image.objects.count == original.objects.count, "\(image.path)")
                for (object, other) in zip(image.objects, original.objects) {
                    #expect(object.classIndex == other.classIndex)
                    let differences = zip(object.row, other.row).map { abs($0 - $1) }
                    #expect(differences.allSatisfy { $0 <= 1e-6 }, "\(image.path): \(object.row), \(other.row)")
                }
            }
        }
    }

    /// With ids as COCO has them: with gaps, and images out of order.
    private static func coco(_ set: LabeledImageSet, names: [String]) throws -> String {
        var images: [[String: Any]] = []
        var annotations: [[String: Any]] = []
        for (index, image) in set.images.enumerated().reversed() {
            images.append([
                "id": 1000 - 3 * index, "file_name": (image.path as NSString).lastPathComponent, "width": image.width, "height": image.height,
            ])
            for object in image.objects {
                let (width, height) = (Double(image.width), Double(image.height))
                let (w, h) = (Double(object.box.width) * width, Double(object.box.height) * height)
                annotations.append([
                    "id": annotations.count, "image_id": 1000 - 3 * index, "category_id": 10 + 7 * object.classIndex, "iscrowd": 0,
                    "bbox": [Double(object.box.centerX) * width - w / 2, Double(object.box.centerY) * height - h / 2, w, h],
                ])
            }
        }
        let categories = names.enumerated().map { ["id": 10 + 7 * $0.offset, "name": $0.element] as [String: Any] }
        let document: [String: Any] = ["images": images, "annotations": annotations, "categories": categories.reversed() as [[String: Any]]]
        return String(decoding: try JSONSerialization.data(withJSONObject: document), as: UTF8.self)
    }
}
