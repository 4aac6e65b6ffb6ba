import Foundation

/// coco128 in a folder that both systems may write their caches to: the images are links to those of the fixtures.
struct BenchmarkData {
    enum Labels: String {
        case boxes = "labels"
        /// Outlines, which copy-paste needs.
        case polygons = "segments"
    }

    let folder: URL
    /// The data set's description, which both systems read.
    var description: URL { folder.appendingPathComponent("coco128.yaml") }

    init(_ fixtures: FixtureFolder, labels: Labels) throws {
        let files = FileManager.default
        folder = files.temporaryDirectory.appendingPathComponent("yolov5-bench-\(labels.rawValue)-\(getpid())")
        try? files.removeItem(at: folder)
        try files.createDirectory(at: folder.appendingPathComponent("labels"), withIntermediateDirectories: true)
        let source = URL(fileURLWithPath: fixtures.data).standardizedFileURL
        try files.createSymbolicLink(
            at: folder.appendingPathComponent("images"), withDestinationURL: source.appendingPathComponent("images"))
        try files.copyItem(
            at: source.appendingPathComponent("\(labels.rawValue)/train2017"), to: folder.appendingPathComponent("labels/train2017"))
        // Copies of a read-only folder are read-only.
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.appendingPathComponent("labels/train2017").path)
        // The outlines carry COCO's category numbers, which go up to 90.
        let classCount = labels == .polygons ? 91 : 80
        let names = (0..<classCount).map { "'\($0)'" }.joined(separator: ", ")
        let text = "path: \(folder.path)\ntrain: images/train2017\nval: images/train2017\nnc: \(classCount)\nnames: [\(names)]\n"
        try text.write(to: description, atomically: true, encoding: .utf8)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
