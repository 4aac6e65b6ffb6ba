/// Detections held against COCO's ground truth, with the figures that COCO's own program gives.
///
///     let truth = try COCOGroundTruth(contentsOf: "instances_val2017.json")
///     let evaluation = try COCOEvaluation(of: detections, against: truth)
///     print(evaluation.figures)                           // twelve lines
///     print(evaluation.figures.ap ?? -1, evaluation.classes[0].ap50 ?? -1)
///
/// The order of images, categories, annotations and detections changes nothing, but within one image and category: of detections with
/// the same score the first comes first, and of annotations that a detection overlaps alike it takes the last.
///
/// Source: pycocotools 2.0, `COCOeval` for boxes, in its arithmetic. On purpose different: a match counts whatever number an annotation
/// has (there one with the id 0 is never found), and annotations may lack `iscrowd` and `area`.
public struct COCOEvaluation: Sendable {
    public let figures: COCOFigures
    /// One for each category of the ground truth, by rising id.
    public let classes: [COCOClassFigures]

    /// - Parameters:
    ///   - detections: Those of categories that the ground truth lacks are left out.
    ///   - images: Only these count, if not nil: those that detections were made for. Images that the ground truth lacks are left out.
    /// - Throws: `COCOError.unknownImages` for detections of images that the ground truth does not have.
    public init(
        of detections: [COCODetection], against groundTruth: COCOGroundTruth, images: [AnnotationID]? = nil
    ) throws(COCOError) {
        let objects = try COCOObjectTable(detections, groundTruth, images: images)
        let ranking = COCORanking(objects)
        let accumulator = COCOAccumulator(objects, ranking, verdicts: COCOMatcher(objects, ranking).verdicts())
        let cells = accumulator.cells()
        figures = COCOFigures(cells)
        classes = objects.categories.enumerated().map { index, category in
            COCOClassFigures(category, cells[index * COCOAreaRange.allCases.count + COCOAreaRange.all.rawValue])
        }
    }
}
