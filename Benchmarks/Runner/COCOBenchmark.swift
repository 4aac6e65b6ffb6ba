import Detection
import Foundation

/// COCO's evaluation of as many detections as a validation on COCO gives. Reading the files is not part of it.
struct COCOBenchmark {
    /// Made by `MadeUpDetections`.
    let folder: String

    func figures() throws -> [String: Double] {
        let truth = try COCOGroundTruth(contentsOf: folder + "/annotations.json")
        let detections = try COCODetection.read(contentsOf: folder + "/detections.json")
        let start = ContinuousClock.now
        let evaluation = try COCOEvaluation(of: detections, against: truth)
        guard !evaluation.figures.description.isEmpty, let precision = evaluation.figures.ap, precision > 0 else {
            throw Subprocess.Failure(description: "no detection in \(folder) is right")
        }
        return ["coco_eval": start.duration(to: .now) / .seconds(1)]
    }
}

/// Two files in COCO's form: 5,000 images with seven objects of COCO's 80 categories each, and a hundred detections, a third of them near
/// an object.
struct MadeUpDetections {
    private let folder: URL
    var path: String { folder.path }

    private static let imageCount = 5000
    private static let objectsInImage = 7
    private static let detectionsInImage = 100

    init() throws {
        let files = FileManager.default
        folder = files.temporaryDirectory.appendingPathComponent("yolov5-coco-\(getpid())")
        try? files.removeItem(at: folder)
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        var random = Draws()
        var annotations: [String] = []
        let writer = try COCODetectionWriter(path: folder.appendingPathComponent("detections.json").path)
        for image in 1...Self.imageCount {
            let objects = (0..<Self.objectsInImage).map { _ in random.object(image: image) }
            for object in objects {
                let box = object.box
                annotations.append(
                    "{\"id\": \(annotations.count + 1), \"image_id\": \(image), \"category_id\": \(object.categoryID), \"iscrowd\": 0, "
                        + "\"bbox\": [\(box.left), \(box.top), \(box.width), \(box.height)], \"area\": \(box.area * 0.7)}")
            }
            try writer.append(
                (0..<Self.detectionsInImage).map { index in
                    guard index % 3 == 0 else { return random.object(image: image) }
                    return random.neighbour(of: objects[index % objects.count])
                })
        }
        try writer.finish()
        let images = (1...Self.imageCount).map { "{\"id\": \($0)}" }
        let categories = COCOCategories.ids.map { "{\"id\": \($0), \"name\": \"\($0)\"}" }
        let lists = [("images", images), ("categories", categories), ("annotations", annotations)]
        let text = lists.map { "\"\($0.0)\": [\($0.1.joined(separator: ",\n"))]" }.joined(separator: ",\n")
        try Data("{\(text)}".utf8).write(to: folder.appendingPathComponent("annotations.json"))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// The same numbers for both systems.
    private struct Draws {
        private var state: UInt64 = 1

        /// In 0..<1.
        mutating func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / 0x1p53
        }

        mutating func object(image: Int) -> COCODetection {
            // Its square makes the first categories frequent, as people are in COCO.
            let category = COCOCategories.ids[Int(next() * next() * 80)]
            let size = [20.0, 60, 200][Int(next() * 3)]
            let box = COCOBox(left: next() * 440, top: next() * 280, width: size * (0.5 + next()), height: size * (0.5 + next()))
            return detection(image: image, category, box, score: next() * next())
        }

        mutating func neighbour(of object: COCODetection) -> COCODetection {
            var box = object.box
            box.left += (next() - 0.5) * 0.3 * box.width
            box.top += (next() - 0.5) * 0.3 * box.height
            guard case .number(let image) = object.imageID else { return object }
            return detection(image: image, object.categoryID, box, score: 0.3 + next() * 0.7)
        }

        private func detection(image: Int, _ category: Int, _ box: COCOBox, score: Double) -> COCODetection {
            func rounded(_ value: Double, _ scale: Double) -> Double { (value * scale).rounded() / scale }
            return COCODetection(
                imageID: .number(image), categoryID: category,
                box: COCOBox(
                    left: rounded(box.left, 1000), top: rounded(box.top, 1000), width: rounded(box.width, 1000),
                    height: rounded(box.height, 1000)),
                score: rounded(score, 100_000))
        }
    }
}
