import Foundation
import GoldenFixtures
import Imaging
import YOLOData
import YOLOTraining

/// A folder with six pictures of gray squares, for trainings of a second.
struct SmallTraining {
    let root: URL
    var options = TrainingOptions()

    /// Runs `body` in a folder that is gone afterwards.
    static func open(_ body: (SmallTraining) throws -> Void) throws {
        let root = try Fixtures.temporaryFolder("training")
        defer { try? FileManager.default.removeItem(at: root) }
        try body(SmallTraining(root: root))
    }

    private init(root: URL) throws {
        self.root = root
        for (split, count) in [("train", 6), ("val", 2)] {
            let images = root.appendingPathComponent("\(split)/images"), labels = root.appendingPathComponent("\(split)/labels")
            for folder in [images, labels] { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
            for index in 0..<count {
                var pixels = [UInt8](repeating: 90, count: 64 * 64 * 3)
                for y in 16..<(32 + 4 * index) { for x in (16 * 3)..<(40 * 3) { pixels[y * 64 * 3 + x] = 220 } }
                try ImageFile.write(Image(width: 64, height: 64, pixels: pixels), to: images.appendingPathComponent("\(index).png").path)
                let height = Double(16 + 4 * index) / 64
                let label = "0 0.4375 \(0.25 + height / 2) 0.375 \(height)\n"
                try Data(label.utf8).write(to: labels.appendingPathComponent("\(index).txt"))
            }
        }
        let yaml = "path: \(root.path)\ntrain: train/images\nval: val/images\nnames: [square]\n"
        try Data(yaml.utf8).write(to: root.appendingPathComponent("squares.yaml"))
        (options.weights, options.configuration, options.data) = ("", "yolov5n.yaml", root.path + "/squares.yaml")
        (options.epochs, options.batchSize, options.imageSize, options.workers) = (2, 2, 64, 1)
        (options.project, options.precision, options.device, options.drawsNothing) = (root.path + "/runs", .fp32, "cpu", true)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: root.appendingPathComponent(name).path) }
}
