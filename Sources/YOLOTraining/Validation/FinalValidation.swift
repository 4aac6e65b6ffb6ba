import Detection
import Downloads
import Foundation
import YOLOData
import YOLOModel
import YOLOReporting

/// How a training measures its best weights when it is over: as `yolov5 val` does, with the thresholds of the end of a training.
///
/// COCO is suppressed at an IoU of 0.65 instead of 0.60, its detections are written, and COCO evaluates them.
/// Source: the end of `train` of the reference's `train.py`.
struct FinalValidation {
    private let data: DatasetDescription
    private let images: [String]
    private let coco: COCOData
    private let isSingleClass: Bool

    /// - Parameter set: the validation images.
    init(of data: DatasetDescription, _ set: LabeledImageSet, isSingleClass: Bool) {
        self.data = data
        self.isSingleClass = isSingleClass
        images = set.imagePaths
        coco = COCOData(data)
    }

    /// Writes the detections of COCO; the report's own records are the caller's.
    /// - Parameters:
    ///   - weights: the file that the model was read from.
    ///   - pictures: draws plots and sheets of images; nil for none.
    func run(
        _ model: DetectionModel, of weights: URL, with validator: Validator, in folder: RunFolder, pictures: RunPictures?
    ) throws -> ValidationReport {
        var examination = Validator.Examination(rule: SearchRule(suppression: .validation), keepsExamples: pictures != nil)
        examination.rule.suppression.iouThreshold = coco.finalThreshold
        if coco.isCOCO { examination.files = try files(of: weights, in: folder) }
        let report = try validator.evaluate(model, title: "Validating \(folder.displayPath(weights))...", examination)
        pictures?.drawValidation(report, examples: validator.examples)
        return report
    }

    private func files(of weights: URL, in folder: RunFolder) throws -> PredictionFiles {
        var settings = PredictionFiles.Settings()
        settings.detections = "\(weights.path.lastPart.withoutPathSuffix)_predictions.json"
        // Annotations tell classes apart.
        settings.scoring = isSingleClass ? nil : coco.scoring(classNames: data.names, images: images)
        settings.categoryIDs = settings.scoring?.categories.ids ?? CategoryNumbers(classNames: data.names, isCOCO: true).ids
        return try PredictionFiles(settings, in: folder)
    }
}

extension COCOData {
    /// COCO's evaluation by the data set's own annotations; nil without them. What is wrong with them is a warning: nobody named them.
    func scoring(classNames: [String], images: [String]) -> COCOScoring? {
        guard let annotations else { return nil }
        do {
            return try COCOScoring(annotations: annotations, classNames: classNames, isCOCO: isCOCO, images: images)
        } catch {
            Warning.print("no evaluation by COCO: \(error)")
            return nil
        }
    }
}
