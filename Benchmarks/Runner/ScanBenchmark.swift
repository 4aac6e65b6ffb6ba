import Foundation
import YOLOData

/// How fast a data set is read before a training, and what of it stays in memory.
struct ScanBenchmark {
    /// Made by `LinkedImages`.
    let folder: String

    static let linkCount = 10_000
    /// Images of COCO's training split.
    static let cocoCount = 118_287

    /// Images a second, by what no cache knows.
    func scan() throws -> [String: Double] { try ["scan": Double(Self.linkCount) / seconds()] }

    /// Seconds until the labels are there and every file was looked at; and the most megabytes that this process has held.
    func load() throws -> [String: Double] {
        let seconds = try seconds()
        return ["cache_load": seconds, "cache_memory": ProcessMemory.peakMegabytes]
    }

    private func seconds() throws -> Double {
        let description = DatasetDescription(
            file: "scan.yaml", train: [folder + "/images"], validation: [], names: (0..<80).map { "class\($0)" })
        let start = ContinuousClock.now
        _ = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
        return start.duration(to: .now) / .seconds(1)
    }
}

/// A folder of links to the images of coco128, as many as wanted.
struct LinkedImages {
    private let folder: URL
    var path: String { folder.path }

    /// - Parameter writesLabels: Seven made-up boxes for every image, in a file of its own; otherwise links to coco128's labels.
    init(_ fixtures: FixtureFolder, count: Int, writesLabels: Bool) throws {
        let files = FileManager.default
        folder = files.temporaryDirectory.appendingPathComponent("yolov5-scan-\(getpid())-\(count)")
        try? files.removeItem(at: folder)
        for name in ["images", "labels"] {
            try files.createDirectory(at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
        }
        let data = URL(fileURLWithPath: fixtures.data).standardizedFileURL.path
        let images = try files.contentsOfDirectory(atPath: data + "/images/train2017").filter { $0.hasSuffix(".jpg") }.sorted()
        for index in 0..<count {
            let name = String(format: "%012d", index)
            let stem = (images[index % images.count] as NSString).deletingPathExtension
            symlink("\(data)/images/train2017/\(stem).jpg", "\(folder.path)/images/\(name).jpg")
            let label = "\(folder.path)/labels/\(name).txt"
            if writesLabels {
                let rows = (0..<7).map { row in
                    "\((index + row) % 80) 0.\(400_000 + index % 1000) 0.5\(row)1234 0.1\(row)5678 0.2\(row)4321\n"
                }
                try Data(rows.joined().utf8).write(to: URL(fileURLWithPath: label))
                // Old enough to be trusted: what was written within seconds of a scan is looked into.
                var times = [timeval(tv_sec: 1_600_000_000, tv_usec: 0), timeval(tv_sec: 1_600_000_000, tv_usec: 0)]
                utimes(label, &times)
            } else if files.fileExists(atPath: "\(data)/labels/train2017/\(stem).txt") {
                symlink("\(data)/labels/train2017/\(stem).txt", label)
            }
        }
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
