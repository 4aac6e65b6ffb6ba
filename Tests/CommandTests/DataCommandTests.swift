import Foundation
import Imaging
import Testing

/// `yolov5 data check`, `show`, `convert` and `autosplit`.
@Suite("Commands for data sets", .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct DataCommandTests {
    // MARK: Checking

    @Test("a check counts objects, names problems and leaks, and changes nothing")
    func check() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let clean = try workshop.command("data", "check", "tiny.yaml", "--img", "64")
            #expect(clean.status == 0, "\(clean.errors)")
            for text in ["train: 8 images, ", "val: 4 images, ", " class  name ", "circle", "objects at 64 pixels: ", "No problem found."] {
                #expect(clean.output.contains(text), "\(text) in: \(clean.output)")
            }

            try workshop.write("0 0.5 0.5 0.2\n", to: "shapes/labels/train/0000.txt")
            try FileManager.default.copyItem(
                at: workshop.folder.appendingPathComponent("shapes/images/train/0001.jpg"),
                to: workshop.folder.appendingPathComponent("shapes/images/val/copy.jpg"))
            try workshop.write("train: train.txt\nval: shapes/images/val\n\(Workshop.names)\n", to: "leaky.yaml")
            let found = try workshop.command("data", "check", "leaky.yaml", "--report", "report.txt")
            #expect(found.status == 0)
            #expect(found.output.contains("0000.txt:1: "))
            #expect(found.output.contains("val shows an image of train: "))
            #expect(found.output.contains("copy.jpg is "))
            let report = String(decoding: try workshop.contents("report.txt"), as: UTF8.self)
            #expect(report.contains("0000.txt:1: ") && report.contains("copy.jpg: the same image as "))
        }
    }

    @Test("a check fails where a training would", arguments: [
        ("train: train.txt\nval: nowhere\n\(Workshop.names)\n", "broken.yaml:2"),
        ("train: train.txt\nval: val.txt\nnc: 3\n\(Workshop.names)\n", "6"),
        ("train: train.txt\nval: val.txt\nnames: [circle]\n", "class"),
        ("train: empty\nval: val.txt\n\(Workshop.names)\n", "no images"),
        ("names: [a]\n", "train"),
    ])
    func failingCheck(yaml: String, clue: String) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            try FileManager.default.createDirectory(
                at: workshop.folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
            try workshop.write(yaml, to: "broken.yaml")
            let check = try workshop.command("data", "check", "broken.yaml")
            #expect(check.status == 1)
            #expect(check.errors.contains("error: ") && check.errors.contains(clue), "\(check.errors)")
            let training = try workshop.command.run(
                Workshop.arguments(epochs: 1).map { $0 == "tiny.yaml" ? "broken.yaml" : $0 })
            #expect(training.status == 1)
            #expect(!workshop.exists("runs"))
        }
    }

    @Test("a check goes on where a training would stop, and writes everything down")
    func wholeCheck() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            for name in 0..<8 { try workshop.write("0 320 320 64 64\n", to: "shapes/labels/train/000\(name).txt") }
            let check = try workshop.command("data", "check", "tiny.yaml", "--report", "report.txt")
            #expect(check.status == 1)
            for text in ["train: 0 images, 0 labels", "val: 4 images, ", "0000.txt:1: coordinate 320.0 is above 1"] {
                #expect(check.output.contains(text), "\(text) in: \(check.output)")
            }
            #expect(check.errors.hasPrefix("error: a training would not begin: none of the 8 train images can be used"), "\(check.errors)")
            let report = String(decoding: try workshop.contents("report.txt"), as: UTF8.self)
            #expect((0..<8).allSatisfy { report.contains("000\($0).txt:1: ") })
        }
    }

    @Test("names of one letter are names; caches stay with the labels")
    func shortNames() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let files = FileManager.default
            try files.moveItem(
                at: workshop.folder.appendingPathComponent("shapes/images/val"), to: workshop.folder.appendingPathComponent("i"))
            try workshop.write("0 0.5 0.5 0.2 0.2\n", to: "i/0000.txt")
            try workshop.write("i/0000.jpg\r\ni/0001.jpg\r\n", to: "l")
            try files.moveItem(at: workshop.folder.appendingPathComponent("l"), to: workshop.folder.appendingPathComponent("l.txt"))
            try workshop.write("train: l.txt\nval: i\n\(Workshop.names)\n", to: "d")
            let check = try workshop.command("data", "check", "d")
            #expect(check.status == 0, "\(check.errors)")
            #expect(check.output.contains("train: 2 images, 1 labels"))
            let caches = try files.contentsOfDirectory(atPath: workshop.folder.path).filter { $0.hasSuffix(".labelcache") }
            #expect(caches.count == 2, "one for the list, one for the folder: \(caches)")
        }
    }

    // MARK: Showing

    @Test("batches are drawn as a training sees them; the same for a seed", arguments: [[], ["--rect"], ["--quad"], ["--split", "val"]])
    func show(flags: [String]) throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            func show(_ folder: String, _ more: String...) throws -> [Data] {
                let arguments = ["data", "show", "tiny.yaml", "--img", "64", "--batch-size", "4", "--count", "1", "--to", folder]
                let outcome = try workshop.command.run(arguments + flags + more)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let files = outcome.output.split(separator: "\n").map(String.init)
                #expect(files == ["\(folder)/batch0.jpg"])
                let sheet = try ImageFile.decode(workshop.folder.appendingPathComponent(files[0]).path)
                #expect(sheet.width >= 128 && sheet.height >= 128)
                return try files.map { try workshop.contents($0) }
            }
            let first = try show("a")
            #expect(try show("b") == first)
            #expect(try show("c", "--seed", "9") != first || flags == ["--split", "val"] || flags == ["--rect"])
        }
    }

    // MARK: Making

    @Test("annotations are converted, split, checked and trained on")
    func convert() throws {
        try Workshop.open { workshop in
            try workshop.drawShapes()
            let images = (0..<8).map { #"{"id": \#($0), "file_name": "000\#($0).jpg", "width": 640, "height": 640}"# }
            let objects = (0..<8).map {
                #"{"id": \#($0 + 1), "image_id": \#($0), "category_id": 7, "bbox": [64, 64, 128, 256], "area": 9, "iscrowd": 0}"#
            }
            let json = #"{"images": [\#(images.joined(separator: ","))], "annotations": [\#(objects.joined(separator: ","))], "#
                + #""categories": [{"id": 7, "name": "thing"}]}"#
            try workshop.write(json, to: "train.json")
            let converted = try workshop.command(
                "data", "convert", "coco", "train.json", "--to", "set", "--image-folder", "shapes/images/train")
            #expect(converted.status == 0, "\(converted.errors)")
            #expect(converted.output.hasPrefix("train: 8 images, 8 objects\n"), "\(converted.output)")
            #expect(!converted.output.contains("\\u{"), "\(converted.output)")
            #expect(try String(decoding: workshop.contents("set/labels/train/0003.txt"), as: UTF8.self) == "0 0.2 0.3 0.2 0.4\n")

            // The same again does no harm; another content is not written over the old one.
            let again = ["data", "convert", "coco", "train.json", "--to", "set", "--image-folder", "shapes/images/train"]
            #expect(try workshop.command.run(again).status == 0)
            try workshop.write(json.replacingOccurrences(of: "[64, 64, 128, 256]", with: "[64, 64, 128, 128]"), to: "train.json")
            let other = try workshop.command.run(again)
            #expect(other.status == 1)
            #expect(other.errors.contains("--force"), "\(other.errors)")
            #expect(try workshop.command.run(again + ["--force"]).status == 0)
            #expect(try String(decoding: workshop.contents("set/labels/train/0003.txt"), as: UTF8.self) == "0 0.2 0.2 0.2 0.2\n")

            let list = try workshop.command("data", "autosplit", "set/set.yaml")
            #expect(list.status == 1 && list.errors.contains("set/set.yaml: is a file; give the folder"), "\(list.errors)")
            let split = try workshop.command("data", "autosplit", "set/images", "--weights", "0.5", "0.5", "0", "--seed", "1")
            #expect(split.status == 0, "\(split.errors)")
            let lists = ["train", "val", "test"].map { (try? workshop.contents("set/autosplit_\($0).txt")).map(Self.lines) ?? [] }
            #expect(lists[2].isEmpty && !lists[0].isEmpty && !lists[1].isEmpty)
            #expect(Set(lists[0] + lists[1]).count == 8)

            try workshop.write("path: set\ntrain: autosplit_train.txt\nval: autosplit_val.txt\nnames: [thing]\n", to: "set.yaml")
            let check = try workshop.command("data", "check", "set.yaml")
            #expect(check.status == 0 && check.output.contains("No problem found."), "\(check.output)\(check.errors)")
        }
    }

    private static func lines(_ data: Data) -> [Substring] {
        String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    @Test("a command line that makes no sense ends with 2 and says what would", arguments: [
        (["data", "convert", "cocoo", "a.json", "--to", "x"], "did you mean 'coco'"),
        (["data", "convert", "coco", "a.json"], "--to"),
        (["data", "convert", "voc", "a", "--to", "x", "--names", "a,,b"], "empty name"),
        (["data", "convert", "coco", "a", "--to", "x", "--images", "move"], "link"),
        (["data", "autosplit", "x", "--weights", "0.5", "0.5"], "three numbers"),
        (["data", "autosplit", "x", "--weights", "0", "0", "0"], "--weights is 0.0 0.0 0.0, allowed is three numbers"),
        (["data", "show", "tiny.yaml", "--rect", "--quad"], "--rect and --quad"),
        (["data", "show", "tiny.yaml", "--batch-size", "0"], "--batch-size"),
        (["data", "show", "tiny.yaml", "--count", "-1"], "--count"),
        (["data", "show", "tiny.yaml", "--img", "0"], "--img"),
        (["data", "check", "tiny.yaml", "--img", "0"], "--img"),
        (["data", "chekc"], "did you mean 'check'?"), (["trian"], "did you mean 'train'?"),
    ])
    func wrongCommandLine(arguments: [String], clue: String) throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command.run(arguments)
            #expect(outcome.status == 2, "\(outcome.errors)")
            #expect(outcome.errors.contains(clue), "\(outcome.errors)")
        }
    }

    @Test("sources that are not there end with 1", arguments: [
        ["data", "convert", "coco", "nowhere.json", "--to", "x"], ["data", "autosplit", "nowhere"], ["data", "show", "nowhere.yaml"],
        ["data", "check", "nowhere.yaml"],
    ])
    func missing(arguments: [String]) throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command.run(arguments)
            #expect(outcome.status == 1)
            #expect(outcome.errors.hasPrefix("error: ") && outcome.errors.contains("nowhere"), "\(outcome.errors)")
            #expect(!workshop.exists("x"))
        }
    }
}
