import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
import YOLOReporting
@testable import YOLOTraining

@Suite("Files of what was found")
struct ValidationFilesTests {
    @Test("numbers are written as C's %g writes them, also at its edges")
    func numbers() {
        var state: UInt64 = 1
        var numbers: [Float] = [
            0, 1, 2, 0.5, 1e-4, 9.9999997e-5, 1.0001e-4, 0.099999999, 0.0999999, 0.99999995, 0.9999994, 0.1, 0.01, 0.001, 0.25, 3e-7, 1234567,
            0.1234565, 0.0001234565, 0.00099999999, 0.8715, -0.25,
        ]
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let fraction = Float(state >> 40) / Float(1 << 24)
            numbers += [fraction, fraction * fraction * fraction * fraction]
            // Ties of six digits are exact in binary at times.
            numbers.append(Float(state >> 50) / 16_384)
        }
        for number in numbers {
            var text: [UInt8] = []
            LabelText.append(number, to: &text)
            #expect(String(decoding: text, as: UTF8.self) == String(format: "%g", Double(number)))
        }
    }

    @Test("a line is class, centre and size as fractions, and the confidence if wanted")
    func lines() {
        let objects = [
            DetectedObject(box: Box(x1: 10, y1: 20, x2: 30, y2: 80), confidence: 0.875, classIndex: 12),
            DetectedObject(box: Box(x1: 0, y1: 0, x2: 200, y2: 100), confidence: 0.001_234_5, classIndex: 0),
        ]
        func text(_ withConfidence: Bool) -> String {
            String(decoding: LabelText.lines(of: objects, width: 200, height: 100, withConfidence: withConfidence), as: UTF8.self)
        }
        #expect(text(false) == "12 0.1 0.5 0.1 0.6\n0 0.5 0.5 1 1\n")
        #expect(text(true) == "12 0.1 0.5 0.1 0.6 0.875\n0 0.5 0.5 1 1 0.0012345\n")
    }

    @Test("images that share their name get label files in folders, and none leads out of them")
    func sharedNames() {
        let names = LabelFileNames([
            "data/a/images/1.jpg", "data/b/images/1.jpg", "data/../other/1.png", "data/a/images/2.jpg", "data/a/images/2.png", "data/a/3.x.jpg",
        ])
        #expect(names.specialCount == 5)
        #expect(names["data/a/images/1.jpg"] == "data/a/images/1.txt")
        #expect(names["data/b/images/1.jpg"] == "data/b/images/1.txt")
        #expect(names["data/../other/1.png"] == "other/1.txt")
        #expect(names["data/a/images/2.png"] == "data/a/images/2.png.txt")
        #expect(names["data/a/3.x.jpg"] == "3.x.txt")
        let outside = LabelFileNames(["../../x/1.jpg", "1.jpg"])
        #expect(["../../x/1.jpg", "1.jpg"].allSatisfy { !outside[$0].contains("..") && !outside[$0].hasPrefix("/") })
    }

    @Test("an image in which nothing is found any more loses its label file")
    func staleFiles() throws {
        let folder = RunFolder(existing: try Fixtures.temporaryFolder())
        defer { try? FileManager.default.removeItem(at: folder.url) }
        let object = DetectedObject(box: Box(x1: 1, y1: 1, x2: 3, y2: 3), confidence: 0.5, classIndex: 0)
        let file = folder.labelsFolder.appendingPathComponent("cat.txt")
        for (objects, isThere) in [([object, object], true), ([object], true), ([], false)] {
            let files = try PredictionFiles(.init(labels: LabelFileNames(["x/cat.jpg"])), in: folder)
            try files.add(ExaminedImage(path: "x/cat.jpg", width: 4, height: 4, objects: objects, labels: []))
            #expect(FileManager.default.fileExists(atPath: file.path) == isThere)
            #expect(files.labelFileCount == (isThere ? 1 : 0))
            if isThere { #expect(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").count == objects.count) }
        }
    }

    @Test("classes have the numbers of the annotations by name, else COCO's, else their own")
    func categories() {
        let coco = COCOCategories.ids.map { COCOGroundTruth.Category(id: $0, name: "c\($0)") }
        let names = COCOCategories.ids.map { "c\($0)" }
        func numbers(_ names: [String], _ isCOCO: Bool, _ categories: [COCOGroundTruth.Category]) -> CategoryNumbers {
            CategoryNumbers(classNames: names, isCOCO: isCOCO, categories: categories)
        }
        #expect(numbers(names.reversed(), true, coco).ids == COCOCategories.ids.reversed())
        #expect(numbers(["cat", "dog"], false, [.init(id: 9, name: "dog"), .init(id: 4, name: "cat")]).ids == [4, 9])
        let renamed = numbers((0..<80).map { "class\($0)" }, true, coco)
        #expect(renamed.ids == COCOCategories.ids && !renamed.areGuessed)
        let other = numbers(["cat", "dog"], false, [.init(id: 1, name: "Cat"), .init(id: 2, name: "Dog")])
        #expect(other.ids == [0, 1] && other.areGuessed)
        #expect(numbers(["a", "a"], false, [.init(id: 3, name: "a")]).ids == [0, 1], "one number for two classes")
    }

    @Test("a study's line has the columns of numpy.savetxt's '%10.4g'")
    func study() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = ValidationReport(
            mean: MeanMetrics(precision: 0.599_34, recall: 0.4233, map50: 0.5, map: 0.276_84), classes: [], classNames: [], images: 1, labels: 1,
            speed: .init(preprocess: 5.9431, inference: 123.456, nonMaximumSuppression: 0), losses: nil)
        var file = StudyFile(folder.appendingPathComponent("study.txt"))
        try file.add(report)
        try file.add(report)
        let line = "    0.5993     0.4233        0.5     0.2768          0          0          0      5.943      123.5          0\n"
        #expect(try String(contentsOf: file.url, encoding: .utf8) == line + line)
    }

    @Test(
        "a study measures each weights file at each size, one after the other",
        .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
    func studyRun() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = Fixtures.data.appendingPathComponent("coco128/images/val2017/000000000139.jpg").path
        let names = (0..<80).map { "c\($0)" }.joined(separator: ", ")
        let data = folder.appendingPathComponent("one.yaml")
        try Data("train: one.txt\nval: one.txt\nnames: [\(names)]\n".utf8).write(to: data)
        try Data("\(image)\n".utf8).write(to: folder.appendingPathComponent("one.txt"))
        var options = ValidationOptions()
        options.task = .study
        options.weights = Array(repeating: Fixtures.weights.appendingPathComponent("yolov5n.pt").path, count: 2)
        (options.data, options.project, options.device, options.studySizes) = (data.path, folder.path, "cpu", [64, 100])
        let outcome = try ValidationRun(options, observers: []).run()
        #expect(outcome.measurements.map(\.imageSize) == [64, 128, 64, 128])
        #expect(outcome.measurements.allSatisfy { $0.weights.count == 1 && $0.report.details == nil && $0.pictures.isEmpty })
        #expect(outcome.studies == ["yolov5n", "yolov5n-2"].map { folder.path + "/exp/study_one_\($0).txt" })
        for study in outcome.studies {
            let rows = try String(contentsOfFile: study, encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
            #expect(rows.count == 2 && rows.allSatisfy { $0.count == 10 && $0[4...6] == [0, 0, 0] && $0[8] > 0 })
        }
        #expect(FileManager.default.fileExists(atPath: folder.path + "/exp/yolov5n-2-100/metrics.json"))
    }

    @Test("an image that is gone leaves a gray tile with its boxes, not a sheet less")
    func pictures() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let there = folder.appendingPathComponent("there.png").path
        try ImageFile.write(Image(width: 40, height: 20, filledWith: Color(gray: 255)), to: there)
        func image(_ path: String) -> ExaminedImage {
            ExaminedImage(path: path, width: 40, height: 20, objects: [], labels: [LabeledBox(classIndex: 0, box: Box(x1: 2, y1: 2, x2: 9, y2: 9))])
        }
        let pictures = ValidationPictures(classNames: ["cat"], batches: [[image(there), image(folder.path + "/gone.png")], [image(there)]])
        let files = try pictures.draw(in: folder)
        #expect(files.map(\.lastPathComponent) == ["val_batch0_labels.jpg", "val_batch0_pred.jpg", "val_batch1_labels.jpg", "val_batch1_pred.jpg"])
        let sheet = try ImageFile.decode(files[1].path)
        // Two cells of 480 by 240 pixels: the middle of each.
        #expect(sheet.pixel(x: 4 + 240, y: 4 + 120) > 250)
        #expect(abs(sheet.pixel(x: 4 + 484 + 240, y: 4 + 120) - 114) < 4)
    }
}

extension Image {
    /// Red of a pixel.
    fileprivate func pixel(x: Int, y: Int) -> Int { Int(pixels[3 * (y * width + x)]) }
}
