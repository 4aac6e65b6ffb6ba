import Foundation
import GoldenFixtures
import Testing

/// What `yolov5 val` writes, on eight images of COCO with the official yolov5n, beside what yolov5 6.2.3 and pycocotools 2.0.11 give.
@Suite(
    "Files of a validation", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip),
    .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ValidationFilesTests {
    @Test("--save-txt --save-conf writes the reference's numbers, and the same objects as --save-json")
    func labelFiles() throws {
        try Workshop.open { workshop in
            try workshop.linkImages()
            let outcome = try workshop.measure("--save-txt", "--save-conf", "--save-json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("8 label files saved to runs/val/exp/labels"))
            let objects = try workshop.objects("000000000139")
            #expect(objects.count == 300, "as many as an image may have")
            // The first two lines of the reference's file.
            let lines = [[62, 0.124375, 0.510991, 0.239619, 0.247692, 0.873471], [56, 0.502942, 0.627778, 0.0938829, 0.233383, 0.854387]]
            for (found, expected) in zip(objects, lines) {
                #expect(found.count == 6)
                for (value, number) in zip(found, expected) { #expect(abs(value - number) < 2e-5) }
            }
            let detections = try workshop.detections().filter { $0["image_id"] as? Int == 139 }
            #expect(detections.count == objects.count)
            // 640 by 426 pixels; the data set is not COCO, so classes keep their numbers.
            for (object, detection) in zip(objects, detections) {
                #expect(detection["category_id"] as? Double == object[0])
                let box = try #require(detection["bbox"] as? [Double])
                #expect(abs(box[2] - object[3] * 640) < 0.002 && abs(box[3] - object[4] * 426) < 0.002)
            }
        }
    }

    @Test("COCO is known by its annotations: its evaluation gives pycocotools' figures of the reference's detections")
    func cocoEvaluation() throws {
        try Workshop.open { workshop in
            try workshop.linkImages()
            try workshop.linkAnnotations("annotations/instances_val2017.json")
            let outcome = try workshop.measure()
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.413"), "\(outcome.output)")
            let metrics = try workshop.metrics()
            let coco = try #require(metrics["coco"] as? [String: Double]), own = try #require(metrics["yolov5"] as? [String: Double])
            let expected = ["ap": 0.41321, "ap50": 0.57731, "ap75": 0.46119, "ap_small": 0.21990, "ar1": 0.3225, "ar_large": 0.77121]
            for (key, value) in expected { #expect(abs((coco[key] ?? 0) - value) < 1e-3, "\(key)") }
            #expect(metrics["map"] as? Double == coco["ap"] && metrics["map50"] as? Double == coco["ap50"])
            // What the reference's own table has.
            #expect(abs((own["map"] ?? 0) - 0.41273) < 1e-3 && abs((own["map50"] ?? 0) - 0.57605) < 1e-3)
            // COCO counts its classes to 90: a snowboard is 30 in the labels and 36 there, a person 0 and 1.
            #expect(try Set(workshop.detections().compactMap { $0["category_id"] as? Int }).isDisjoint(with: [0, 12, 26, 29, 30]))
        }
    }

    @Test("--annotations names the annotations; those of other images are refused, those of other classes go by number with a warning")
    func annotations() throws {
        try Workshop.open { workshop in
            try workshop.linkImages()
            try workshop.linkAnnotations("mine.json")
            let outcome = try workshop.measure("--annotations", "mine.json", "--task", "train")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try workshop.metrics()["coco"] != nil)
            try workshop.write(#"{"images": [{"id": 1, "file_name": "1.jpg"}], "categories": [], "annotations": []}"#, to: "other.json")
            let refused = try workshop.measure("--annotations", "other.json")
            #expect(refused.status == 1 && refused.errors.contains("'other.json', which has none of the images"), "\(refused.errors)")
            try workshop.write(#"{"images": [{"id": 139}], "categories": [{"id": 0, "name": "one"}], "annotations": []}"#, to: "few.json")
            let warned = try workshop.measure("--annotations", "few.json")
            #expect(warned.status == 0 && warned.errors.contains("7 of 8 images are not in 'few.json'"), "\(warned.errors)")
            #expect(warned.errors.contains("other class names"))
            #expect(try workshop.measure("--annotations", "gone.json").status == 1)
            #expect(!workshop.exists("runs/val/exp3"), "what is wrong is said before anything is written")
        }
    }

    @Test("--save-hybrid has every label with confidence 1, and says that the results mean nothing")
    func hybrid() throws {
        try Workshop.open { workshop in
            try workshop.linkImages()
            let outcome = try workshop.measure("--save-hybrid", "--save-conf")
            #expect(outcome.status == 0 && outcome.errors.hasPrefix("warning: --save-hybrid"), "\(outcome.errors)")
            let objects = try workshop.objects("000000000872")
            #expect(objects.count { $0[5] == 1 } == 3, "of four, two of which overlap")
            // A line of the reference's file.
            let racket = try #require(objects.first { $0[0] == 35 })
            for (value, number) in zip(racket, [35, 0.639879, 0.281469, 0.0925122, 0.0715313, 1]) { #expect(abs(value - number) < 2e-5) }
            // As there.
            let metrics = try workshop.metrics()
            #expect(abs((metrics["map50"] as? Double ?? 0) - 0.98606) < 1e-3 && abs((metrics["map"] as? Double ?? 0) - 0.98540) < 1e-3)
        }
    }

    @Test("the confusion matrix has each label in a column of its class, the curves have 1000 points a class")
    func details() throws {
        try Workshop.open { workshop in
            try workshop.linkImages()
            #expect(try workshop.measure().status == 0)
            let metrics = try workshop.metrics()
            let matrix = try #require(metrics["confusion_matrix"] as? [[Int]]), classes = try #require(metrics["classes"] as? [[String: Any]])
            #expect(matrix.count == 81 && matrix.allSatisfy { $0.count == 81 })
            for entry in classes {
                let index = try #require(entry["index"] as? Int)
                #expect(matrix.reduce(0) { $0 + $1[index] } == entry["labels"] as? Int)
            }
            let document = try JSONSerialization.jsonObject(with: workshop.contents("runs/val/exp/curves.json")) as? [String: Any]
            let curves = try #require(document?["classes"] as? [[String: Any]])
            #expect(curves.count == classes.count && (document?["axis"] as? [Double])?.count == 1000)
            let confidence = try #require(metrics["confidence"] as? Double)
            for (curve, entry) in zip(curves, classes) {
                #expect(curve["name"] as? String == entry["name"] as? String)
                for (key, figure) in [("precision", "precision"), ("recall", "recall"), ("f1", "f1")] {
                    let values = try #require(curve[key] as? [Double]), expected = try #require(entry[figure] as? Double)
                    #expect(values.count == 1000 && abs(values[Int((confidence * 999).rounded())] - expected) < 1e-5)
                }
                let precisions = try #require(curve["precision_at_recall"] as? [Double])
                #expect(zip(precisions, precisions.dropFirst()).allSatisfy { $0 >= $1 })
            }
        }
    }

    @Test("--task speed times each weights file on its own, in squares")
    func speed() throws {
        try Workshop.open { workshop in
            try workshop.linkImages()
            let outcome = try workshop.measure("other/yolov5n.pt", "--task", "speed", "--img", "320", "--batch-size", "4")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("conf_thres=0.25, iou_thres=0.45"))
            #expect(outcome.output.split(separator: "\n").count { $0.hasSuffix("ms NMS per image at shape (4, 3, 320, 320)") } == 2, "\(outcome.output)")
            #expect(workshop.exists("runs/val/exp/yolov5n/metrics.json") && workshop.exists("runs/val/exp/yolov5n-2/metrics.json"))
            #expect(!workshop.exists("runs/val/exp/yolov5n/curves.json") && !workshop.exists("runs/val/exp/yolov5n/val_batch0_pred.jpg"))
        }
    }

    @Test("--max-det bounds the objects of an image; --conf-thres above 0.001 is warned of")
    func limits() throws {
        try Workshop.open { workshop in
            try workshop.linkImages()
            let outcome = try workshop.measure("--max-det", "5", "--conf-thres", "0.01", "--save-txt", "--img", "320")
            #expect(outcome.status == 0 && outcome.errors.hasPrefix("warning: --conf-thres 0.01 leaves out what mAP counts on"), "\(outcome.errors)")
            #expect(try workshop.objects("000000000139").count == 5)
        }
    }

    @Test("--single-cls takes weights of many classes: every object is of one")
    func singleClass() throws {
        try Workshop.open { workshop in
            try workshop.linkImages()
            let outcome = try workshop.measure("--single-cls", "--save-txt", "--img", "320")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try workshop.objects("000000000139").allSatisfy { $0[0] == 0 })
            #expect(try workshop.metrics()["map50"] as? Double ?? 0 > 0.3)
        }
    }
}

/// Files of a validation on small data, without anybody's numbers.
@Suite("Files of a validation of shapes", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct ShapesValidationFilesTests {
    @Test("--dnn is refused with a reason, on the command line")
    func dnn() throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command("val", "--dnn")
            #expect(outcome.status == 2 && outcome.errors.contains("OpenCV's DNN module"), "\(outcome.errors)")
        }
    }

    @Test("a study has its own image sizes: --imgsz beside it is left aside, not silently")
    func studySizes() throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command("val", "--task", "study", "--img", "320", "--data", "gone.yaml")
            #expect(outcome.status == 1 && outcome.errors.hasPrefix("warning: --imgsz 320 is left aside"), "\(outcome.errors)")
            #expect(outcome.output.contains("imgsz=[256, 384, 512, 640, 768, 896, 1024, 1152, 1280, 1408, 1536]") && outcome.output.contains("iou_thres=0.65"))
        }
    }

    @Test("a training on COCO ends with COCO's evaluation at an IoU of 0.65; --noplots draws no pictures")
    func training() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let classes = ["circle", "square", "triangle", "star", "cross", "ring"]
            let document: [String: Any] = [
                "images": (0..<4).map { ["id": $0 + 7, "file_name": String(format: "%04d.jpg", $0)] },
                "categories": classes.enumerated().map { ["id": $0 * 3 + 2, "name": $1] as [String: Any] },
                "annotations": (0..<4).map { ["image_id": $0 + 7, "category_id": 2, "bbox": [8, 8, 24, 24]] as [String: Any] },
            ]
            try workshop.write(String(decoding: JSONSerialization.data(withJSONObject: document), as: UTF8.self), to: "annotations/instances_val2017.json")
            let outcome = try workshop.command.run(Workshop.arguments(epochs: 1) + ["--noplots"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("COCO's evaluation") && outcome.output.contains("maxDets=100"))
            let metrics = try #require(JSONSerialization.jsonObject(with: workshop.contents("runs/train/exp/metrics.json")) as? [String: Any])
            #expect(metrics["coco"] != nil && metrics["confusion_matrix"] != nil)
            #expect(workshop.exists("runs/train/exp/best_predictions.json") && workshop.exists("runs/train/exp/curves.json"))
            #expect(!workshop.exists("runs/train/exp/val_batch0_pred.jpg"))
        }
    }
}

extension Workshop {
    /// The first images of COCO's validation that the fixtures have, as `eight.yaml`, and yolov5n twice.
    fileprivate func linkImages() throws {
        let images = Fixtures.data.appendingPathComponent("coco128/images/val2017")
        let names = ["139", "285", "632", "724", "776", "785", "802", "872"]
        try write(names.map { images.path + "/000000000\($0).jpg\n" }.joined(), to: "eight.txt")
        let yaml = try String(contentsOf: Fixtures.data.appendingPathComponent("coco128.yaml"), encoding: .utf8)
        let classes = try #require(yaml.range(of: "nc: 80")).lowerBound
        try write("train: eight.txt\nval: eight.txt\n" + yaml[classes...], to: "eight.yaml")
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("other"), withIntermediateDirectories: true)
        for name in ["yolov5n.pt", "other/yolov5n.pt"] {
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent(name), withDestinationURL: Fixtures.weights.appendingPathComponent("yolov5n.pt"))
        }
    }

    fileprivate func linkAnnotations(_ name: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: Fixtures.golden.appendingPathComponent("coco/real.gt.json"))
    }

    /// Validates yolov5n; one image a batch, as the numbers of the reference were made.
    fileprivate func measure(_ arguments: String...) throws -> Command.Outcome {
        let batch = arguments.contains("--batch-size") ? [] : ["--batch-size", "1"]
        return try command.run(
            ["val", "--data", "eight.yaml", "--precision", "fp32", "--device", "cpu"] + batch + ["--weights", "yolov5n.pt"] + arguments)
    }

    /// The lines of a label file.
    fileprivate func objects(_ image: String) throws -> [[Double]] {
        String(decoding: try contents("runs/val/exp/labels/\(image).txt"), as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: " ").compactMap { Double($0) } }
    }

    fileprivate func detections() throws -> [[String: Any]] {
        try #require(JSONSerialization.jsonObject(with: contents("runs/val/exp/yolov5n_predictions.json")) as? [[String: Any]])
    }

    fileprivate func metrics() throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: contents("runs/val/exp/metrics.json")) as? [String: Any])
    }
}
