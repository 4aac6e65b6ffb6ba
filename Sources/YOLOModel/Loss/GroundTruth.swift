public import Detection

/// One labelled object of a batch.
public struct GroundTruth: Hashable, Sendable {
    /// Index of the image in the batch.
    public var image: Int
    public var classIndex: Int
    /// Normalised xywh.
    public var box: NormalizedBox

    public init(image: Int, classIndex: Int, box: NormalizedBox) {
        self.image = image
        self.classIndex = classIndex
        self.box = box
    }
}
