import Foundation
import Torch
import YOLOData

/// How fast a data set is read before a training: from nothing, and from what the label cache knows.
struct ScanBenchmark {
    let fixtures: FixtureFolder

    /// Images of COCO's training split.
    private static let cocoCount = 118_287
    static let linkCount = 10_000

    /// Images a second from nothing, over links to coco128's images; seconds and megabytes to load the cache of as many images
    /// as COCO has, every file of which is looked at.
    func figures() throws -> [String: Double] {
        let links = try LinkedImages(fixtures, count: Self.linkCount, writesLabels: false)
        defer { links.remove() }
        let scan = try seconds(links.folder)
        let coco = try LinkedImages(fixtures, count: Self.cocoCount, writesLabels: true)
        defer { coco.remove() }
        _ = try seconds(coco.folder)
        let before = ProcessMemory.residentMegabytes(of: getpid())
        let load = try seconds(coco.folder)
        let memory = ProcessMemory.residentMegabytes(of: getpid()) - before
        return ["scan": Double(Self.linkCount) / scan, "cache_load": load, "cache_memory": max(memory, 0)]
    }

    private func seconds(_ folder: URL) throws -> Double {
        let description = DatasetDescription(
            file: "scan.yaml", train: [folder.path + "/images"], validation: [], names: (0..<80).map { "class\($0)" })
        let start = ContinuousClock.now
        _ = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
        return start.duration(to: .now) / .seconds(1)
    }
}

/// A folder of links to the images of coco128, as many as wanted.
struct LinkedImages {
    let folder: URL

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
