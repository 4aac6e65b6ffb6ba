import Detection
import YOLOData
import YOLOReporting

/// COCO's evaluation of a validation: annotations, and what their images are called.
struct COCOScoring: Sendable {
    let categories: CategoryNumbers
    private let truth: COCOGroundTruth
    /// By path, of the images that the annotations have.
    private let imageIDs: [String: AnnotationID]

    /// Reads annotations, and tells the user where they fit badly.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - images: those that are validated.
    /// - Throws: `COCOError` for the file; `TrainingError.invalidOption` for annotations of other images.
    init(annotations path: String, classNames: [String], isCOCO: Bool, images: [String]) throws {
        truth = try COCOGroundTruth(contentsOf: path)
        categories = CategoryNumbers(classNames: classNames, isCOCO: isCOCO, categories: truth.categories)
        var imageIDs: [String: AnnotationID] = [:]
        for (path, id) in zip(images, truth.imageIDs(ofFiles: images)) { imageIDs[path] = id }
        self.imageIDs = imageIDs
        guard !imageIDs.isEmpty else {
            throw TrainingError.invalidOption(
                "--annotations", found: "'\(path)', which has none of the images",
                expected: "the annotations of the images that are validated")
        }
        let count = Set(images).count
        if imageIDs.count < count {
            Warning.print("\(count - imageIDs.count) of \(count) images are not in '\(path)'; COCO's evaluation leaves them out")
        }
        if categories.areGuessed {
            Warning.print("'\(path)' has other class names than the data set; classes are taken by their numbers")
        }
    }

    /// What files of detections call an image.
    func imageID(of path: String) -> AnnotationID { imageIDs[path] ?? AnnotationID(ofFile: path) }

    /// Whether the annotations have the image.
    func knows(_ path: String) -> Bool { imageIDs[path] != nil }

    /// - Parameter detections: of images that the annotations have.
    func figures(of detections: [COCODetection]) throws(COCOError) -> COCOFigures {
        try COCOEvaluation(of: detections, against: truth, images: Array(imageIDs.values)).figures
    }
}
