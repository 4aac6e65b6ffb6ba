import Detection
import Foundation
import YOLOReporting

/// What a validation writes of each image: a label file (`--save-txt`), detections in COCO's form (`--save-json`). COCO evaluates
/// the latter if there are annotations.
final class PredictionFiles {
    struct Settings {
        /// Label files go to `labels` in the run's folder, if not nil.
        var labels: LabelFileNames?
        /// They have the confidences too.
        var hasConfidences = false
        /// The file of all detections, in the run's folder; nil for none.
        var detections: String?
        /// Of all detections, by class index.
        var categoryIDs: [Int] = []
        var scoring: COCOScoring?
    }

    private let settings: Settings
    private let folder: RunFolder
    private let writer: COCODetectionWriter?
    /// For COCO's evaluation.
    private var kept: [COCODetection] = []
    /// Label files so far.
    private(set) var labelFileCount = 0
    private var folders: Set<String> = []
    /// The file of all detections.
    var detections: URL? { settings.detections.map { folder.url.appendingPathComponent($0) } }

    /// - Throws: `TrainingError.cannotCreate`, `COCOError.unwritable`.
    init(_ settings: Settings, in folder: RunFolder) throws {
        self.settings = settings
        self.folder = folder
        writer = try settings.detections.map { name in
            try COCODetectionWriter(path: folder.url.appendingPathComponent(name).path)
        }
        if settings.labels != nil { try makeFolder(folder.labelsFolder) }
    }

    /// - Throws: `TrainingError.cannotWrite`, `COCOError.unwritable`.
    func add(_ image: ExaminedImage) throws {
        if let labels = settings.labels { try writeLabels(of: image, to: folder.labelsFolder.appendingPathComponent(labels[image.path])) }
        guard writer != nil || settings.scoring != nil else { return }
        let imageID = settings.scoring?.imageID(of: image.path) ?? AnnotationID(ofFile: image.path)
        let detections = image.objects.map {
            COCODetection($0, imageID: imageID, categoryID: settings.categoryIDs[$0.classIndex])
        }
        try writer?.append(detections)
        if settings.scoring?.knows(image.path) == true { kept += detections }
    }

    /// After the last image.
    /// - Returns: COCO's figures, if there are annotations.
    /// - Throws: `COCOError.unwritable`.
    func finish() throws -> COCOFigures? {
        try writer?.finish()
        return try settings.scoring?.figures(of: kept)
    }

    /// An image in which nothing is found has no file, as in the reference; that of an earlier run goes away.
    private func writeLabels(of image: ExaminedImage, to file: URL) throws {
        guard !image.objects.isEmpty else {
            try? FileManager.default.removeItem(at: file)
            return
        }
        let text = LabelText.lines(
            of: image.objects, width: image.width, height: image.height, withConfidence: settings.hasConfidences)
        let parent = file.deletingLastPathComponent()
        if parent.path != folder.labelsFolder.path { try makeFolder(parent) }
        do {
            try Data(text).write(to: file)
        } catch {
            throw TrainingError.cannotWrite(path: folder.displayPath(file), reason: error.localizedDescription)
        }
        labelFileCount += 1
    }

    private func makeFolder(_ url: URL) throws {
        guard folders.insert(url.path).inserted else { return }
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw TrainingError.cannotCreate(path: folder.displayPath(url), reason: error.localizedDescription)
        }
    }
}

extension RunFolder {
    /// Label files of what was found.
    var labelsFolder: URL { url.appendingPathComponent("labels", isDirectory: true) }
}
