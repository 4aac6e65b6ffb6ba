import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
import YOLOData
import YOLOReporting
@testable import YOLOTraining

/// A data set with everything that people have in theirs: each file is listed with what must become of it.
private struct BrokenData {
    enum Fate {
        /// Used, and nothing is said about it.
        case fine
        /// Named once in the report before the training; its image may still be used.
        case reported
        /// Looks right until it is decoded: a warning names it when its batch comes.
        case warned
    }

    let root: URL
    private(set) var fates: [String: Fate] = [:]

    init(in root: URL) throws {
        self.root = root
        for folder in ["images", "labels", "val/images", "val/labels"] {
            try FileManager.default.createDirectory(at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        for index in 0..<40 { try add("good\(index)", .fine, label: "0 0.5 0.5 0.5 0.5\n1 0.3 0.3 0.2 0.2\n") }
        try addImages()
        try addLabels()
        for index in 0..<2 {
            try write(Self.jpeg(width: 40, height: 30), "val/images/\(index).jpg")
            try write(Array("0 0.5 0.5 0.5 0.5\n".utf8), "val/labels/\(index).txt")
        }
        let yaml = "path: \(root.path)\ntrain: images\nval: val/images\nnames: [cat, dog]\n"
        try write(Array(yaml.utf8), "data.yaml")
    }

    var path: String { root.appendingPathComponent("data.yaml").path }

    // MARK: Images

    private mutating func addImages() throws {
        let jpeg = try Self.jpeg(width: 64, height: 48), png = try Self.png(width: 64, height: 48)
        try add("empty", .reported, image: [], "jpg")
        try add("text", .reported, image: Array("hello".utf8), "jpg")
        try add("page", .reported, image: Array("<!DOCTYPE html><html></html>".utf8), "png")
        try add("animation", .reported, image: Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0, 0x3B], "jpg")
        try add("tiny", .reported, image: Self.png(width: 9, height: 9), "png")
        try add("flat", .reported, image: Self.png(width: 300, height: 4), "png")
        try add("half", .reported, image: Array(jpeg[..<(jpeg.count / 2)]), "jpg")
        try add("without-end", .reported, image: Array(jpeg[..<(jpeg.count - 40)]), "jpg")
        try add("header-only", .reported, image: Array(jpeg[..<20]), "jpg")
        try add("trailing", .fine, image: jpeg + [1, 2, 3], "jpg")
        try add("upper", .fine, image: jpeg, "JPG")
        try add("png-as", .fine, image: png, "jpg")
        try add("short-png", .reported, image: Array(png[..<(png.count - 20)]), "png")
        try add("giant", .reported, image: Self.pngHeader(width: 2_000_000, height: 2_000_000), "png")
        try add("spoiled", .warned, image: Self.spoiled(png), "png")
        try add("noise-bmp", .reported, image: Array("BM".utf8) + [UInt8](repeating: 7, count: 60), "bmp")
        try add("noise-tiff", .reported, image: Array("II*\0".utf8) + [UInt8](repeating: 9, count: 60), "tif")
        try add("noise-webp", .reported, image: Array("RIFF\u{10}\0\0\0WEBPVP8 ".utf8) + [UInt8](repeating: 3, count: 40), "webp")
        try add("noise-pfm", .reported, image: Array("PF\n-3 x\n".utf8), "pfm")
        try add("strip", .fine, image: Self.png(width: 400, height: 10), "png")
        try add("Größe 猫 (1)", .fine, image: jpeg, "jpg")
        let link = root.appendingPathComponent("images/dangling.jpg").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/nowhere/at/all.jpg")
        fates["dangling.jpg"] = .reported
        let circle = root.appendingPathComponent("images/circle.jpg").path
        try FileManager.default.createSymbolicLink(atPath: circle, withDestinationPath: circle)
        fates["circle.jpg"] = .reported
        // A folder is searched, whatever its name; it holds nothing.
        try FileManager.default.createDirectory(atPath: root.path + "/images/folder.jpg", withIntermediateDirectories: true)
        mkfifo(root.path + "/images/pipe.jpg", 0o644)
        fates["pipe.jpg"] = .reported
    }

    private static func jpeg(width: Int, height: Int) throws -> [UInt8] {
        try ImageFile.encode(picture(width: width, height: height), asPNG: false)
    }

    private static func png(width: Int, height: Int) throws -> [UInt8] {
        try ImageFile.encode(picture(width: width, height: height), asPNG: true)
    }

    private static func picture(width: Int, height: Int) -> Image {
        Image(width: width, height: height, pixels: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    }

    /// A PNG that claims a size and has no pixels.
    private static func pngHeader(width: UInt32, height: UInt32) -> [UInt8] {
        func bytes(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + bytes(13) + Array("IHDR".utf8) + bytes(width) + bytes(height)
            + [8, 2, 0, 0, 0, 0, 0, 0, 0]
    }

    /// Damages the pixels of a PNG and leaves its frame.
    private static func spoiled(_ png: [UInt8]) -> [UInt8] {
        var bytes = png
        for index in 43..<bytes.count - 16 { bytes[index] = 0xA5 }
        return bytes
    }

    // MARK: Labels

    private mutating func addLabels() throws {
        let good = "0 0.5 0.5 0.5 0.5\n"
        let rows: [(String, Fate, String)] = [
            ("negative", .reported, good + "0 0.5 -0.1 0.2 0.2\n"), ("above", .reported, good + "0 1.2 0.5 0.2 0.2\n"),
            ("four", .reported, good + "0 0.5 0.5 0.2\n"), ("six", .reported, good + "0 0.5 0.5 0.2 0.2 0.9\n"),
            ("word", .reported, good + "cat 0.5 0.5 0.2 0.2\n"), ("nan", .reported, good + "0 nan 0.5 0.2 0.2\n"),
            ("infinite", .reported, good + "0 inf 0.5 0.2 0.2\n"), ("commas", .reported, good + "0,0.5,0.5,0.2,0.2\n"),
            ("class", .reported, good + "2 0.5 0.5 0.2 0.2\n"), ("minus", .reported, good + "-1 0.5 0.5 0.2 0.2\n"),
            ("fraction", .reported, good + "0.5 0.5 0.5 0.2 0.2\n"), ("twice", .reported, good + good),
            ("odd", .reported, good + "0 0.1 0.1 0.5 0.1 0.5 0.6 0.1\n"), ("wide", .reported, good + "0 0.1 0.1 1.5 0.1 0.5 0.6\n"),
            ("huge", .reported, good + "0 1e400 0.5 0.2 0.2\n"), ("json", .reported, good + "{\"class\": 0}\n"),
            ("zeros", .reported, good + "0 0.5\u{0} 0.5 0.2 0.2\n"),
            ("long", .reported, good + String(repeating: "1 ", count: 200_000) + "\n"),
            ("void", .fine, ""), ("blank", .fine, "\n\n  \n\t\n"), ("mark", .fine, "\u{FEFF}0 0.5 0.5 0.5 0.5\r\n1 0.5 0.5 0.1 0.1\r\n"),
            ("point", .fine, good + "0 0.5 0.5 0 0\n"), ("dot", .fine, good + "0 0.5 0.5 0.5 0.5 0.5 0.5\n"),
            ("outline", .fine, good + "1 0.1 0.1 0.5 0.1 0.5 0.6\n"),
        ]
        for (name, fate, text) in rows { try add(name, fate, label: text) }
        try add("utf16", .reported, labelBytes: [0xFF, 0xFE] + Array("0".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        try add("binary", .reported, labelBytes: (0..<200).map { UInt8($0 * 41 & 255) }.filter { $0 != 10 && $0 != 13 })
        try add("unlabelled", .fine, labelBytes: nil)
        try add("label-folder", .reported, labelBytes: nil)
        try FileManager.default.createDirectory(atPath: root.path + "/labels/label-folder.txt", withIntermediateDirectories: true)
        try add("label-pipe", .reported, labelBytes: nil)
        mkfifo(root.path + "/labels/label-pipe.txt", 0o644)
    }

    private mutating func add(_ name: String, _ fate: Fate, label: String) throws {
        try add(name, fate, labelBytes: Array(label.utf8))
    }

    /// A good image with the given label file.
    private mutating func add(_ name: String, _ fate: Fate, labelBytes: [UInt8]?) throws {
        try write(Self.jpeg(width: 64, height: 48), "images/\(name).jpg")
        if let labelBytes { try write(labelBytes, "labels/\(name).txt") }
        fates[name + "."] = fate
    }

    /// An image file with a good label.
    private mutating func add(_ name: String, _ fate: Fate, image: [UInt8], _ suffix: String) throws {
        try write(image, "images/\(name).\(suffix)")
        try write(Array("1 0.5 0.5 0.5 0.5\n".utf8), "labels/\(name).txt")
        fates["\(name).\(suffix)"] = fate
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: root.appendingPathComponent(name))
    }

    /// The content of every file but the caches that the program may put beside the labels.
    func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for case let name as String in try #require(FileManager.default.enumerator(atPath: root.path))
        where !name.hasSuffix(".labelcache") && !name.hasPrefix("runs") {
            let path = root.appendingPathComponent(name).path
            let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            contents[name] = type == .typeRegular ? try Data(contentsOf: URL(fileURLWithPath: path)) : Data("\(type as Any)".utf8)
        }
        return contents
    }
}

@Suite("Broken data", .timeLimit(.minutes(5)))
struct BrokenDataTests {
    @Test("trains through: every problem is named once with its file, and nothing of the user's is changed")
    func trainsThrough() throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let data = try BrokenData(in: root)
        #expect(data.fates.values.count { $0 != .fine } >= 40)
        let before = try data.contents()

        var options = TrainingOptions()
        (options.weights, options.configuration, options.data) = ("", "yolov5n.yaml", data.path)
        (options.epochs, options.batchSize, options.imageSize, options.workers) = (1, 16, 64, 2)
        (options.project, options.validatesOnlyAtEnd, options.precision) = (root.path + "/runs", true, .fp32)
        try Trainer(options, observers: []).run()

        let report = try String(contentsOfFile: root.path + "/runs/exp/labels-report.txt", encoding: .utf8)
        let lines = report.split(separator: "\n")
        for (name, fate) in data.fates {
            let mentions = lines.count { $0.contains("/images/" + name) || $0.contains("/labels/" + name) }
            #expect(mentions == (fate == .reported ? 1 : 0), "\(name) is named \(mentions) times")
        }
        #expect(try data.contents() == before)
    }

    @Test("the policy 'strict' ends it before anything is written")
    func strict() throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let data = try BrokenData(in: root)
        var options = TrainingOptions()
        (options.weights, options.configuration, options.data) = ("", "yolov5n.yaml", data.path)
        (options.project, options.labels.policy) = (root.path + "/runs", .strict)
        let error = #expect(throws: DataError.self) { _ = try Trainer(options, observers: []) }
        #expect(error?.description.hasPrefix("the train data set is not as --label-policy strict wants it") == true)
        #expect(!FileManager.default.fileExists(atPath: root.path + "/runs"))
    }
}
