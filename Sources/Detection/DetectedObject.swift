/// A found object: its box in pixels (xyxy), its class, and the confidence in both, objectness times class score, in 0...1.
public struct DetectedObject: Hashable, Sendable {
    public var box: Box
    public var confidence: Float
    public var classIndex: Int

    public init(box: Box, confidence: Float, classIndex: Int) {
        self.box = box
        self.confidence = confidence
        self.classIndex = classIndex
    }
}
