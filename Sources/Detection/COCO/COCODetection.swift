/// A found object, as files of detections in COCO's form have it.
public struct COCODetection: Hashable, Sendable {
    public var imageID: AnnotationID
    public var categoryID: Int
    public var box: COCOBox
    public var score: Double

    public init(imageID: AnnotationID, categoryID: Int, box: COCOBox, score: Double) {
        self.imageID = imageID
        self.categoryID = categoryID
        self.box = box
        self.score = score
    }

    /// With the digits that the reference writes: pixels to 3 decimals, the score to 5.
    ///
    /// Source: YOLOv5 6.2, `save_one_json`, which goes by the box's centre.
    public init(_ object: DetectedObject, imageID: AnnotationID, categoryID: Int) {
        let box = object.box
        self.init(
            imageID: imageID, categoryID: categoryID,
            box: COCOBox(
                left: Self.rounded(box.centerX - box.width / 2, scale: 1000), top: Self.rounded(box.centerY - box.height / 2, scale: 1000),
                width: Self.rounded(box.width, scale: 1000), height: Self.rounded(box.height, scale: 1000)),
            score: Self.rounded(object.confidence, scale: 100_000))
    }

    /// The number with as many decimals as `scale` has zeros: the product is exact in Double, so each step rounds once, ties to even.
    private static func rounded(_ value: Float, scale: Double) -> Double {
        (Double(value) * scale).rounded(.toNearestOrEven) / scale
    }
}
