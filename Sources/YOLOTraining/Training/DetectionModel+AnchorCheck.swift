import Detection
import Torch
import YOLOData
import YOLOModel
import YOLOReporting

extension DetectionModel {
    /// Checks the anchors against the labels of a training, and takes better ones where they do not fit.
    /// - Parameter imageSize: long side of the training images in pixels.
    /// - Returns: what was found and done, in a line, with a line for each level where the anchors are new; empty where
    ///   `--noautoanchor` leaves them as they are.
    /// - Throws: where the model has no anchors and gets none.
    mutating func fitAnchors(to set: LabeledImageSet, imageSize: Int, _ options: TrainingOptions) throws -> String {
        let given = try anchorsInPixels()
        guard !options.keepsAnchors else {
            guard given != nil else { throw TrainingError.noAnchors(perLevel: head.anchorCount) }
            return ""
        }
        let sizes = given?.joined().map { BoxSize(width: $0.width, height: $0.height) }
        let check = try AnchorCheck(
            sizes, for: LabelSizes(of: set, imageSize: imageSize), count: head.levelCount * head.anchorCount,
            ratioLimit: options.hyperparameters.loss.anchorRatioLimit, seed: UInt64(options.seed))
        for warning in check.warnings { Warning.print(warning) }
        guard let levels = check.replacement?.levels(head.levelCount) else { return check.summary }
        try setAnchors(levels)
        return ([check.summary] + levels.map(\.anchorText)).joined(separator: "\n")
    }
}

extension TrainingError {
    fileprivate static func noAnchors(perLevel count: Int) -> TrainingError {
        .invalidOption(
            "--noautoanchor", found: "given for a model that leaves its \(count) anchors a level to be made from the data",
            expected: "anchors in pixels in the model's YAML (yolov5 anchors DATA.yaml prints them), or a training without it")
    }
}
