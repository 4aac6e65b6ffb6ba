/// One labelled object of a batch: what the loader hands out and the loss takes, the reference's `[image, class, x, y, w, h]`.
public struct GroundTruth: Hashable, Sendable {
    /// Place of the image in its batch.
    public var image: Int
    public var classIndex: Int
    /// In fractions of the batch's width and height.
    public var box: NormalizedBox

    public init(image: Int, classIndex: Int, box: NormalizedBox) {
        self.image = image
        self.classIndex = classIndex
        self.box = box
    }
}
