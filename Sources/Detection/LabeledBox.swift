/// Ground truth: an object's class and its box in pixels (xyxy).
public struct LabeledBox: Hashable, Sendable {
    public var classIndex: Int
    public var box: Box

    public init(classIndex: Int, box: Box) {
        self.classIndex = classIndex
        self.box = box
    }
}
