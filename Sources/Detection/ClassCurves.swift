/// The curves of one class at IoU 0.5, each of 1000 values in 0...1.
public struct ClassCurves: Hashable, Sendable {
    public let classIndex: Int
    /// If only detections from some confidence up were shown, at each of `axis` as confidence.
    public let precision, recall, f1: [Double]
    /// At each of `axis` as recall.
    public let precisionAtRecall: [Double]

    /// 1000 even steps from 0 to 1.
    public static var axis: [Double] { ConfidenceCurve.confidences }
}

extension DetectionMetrics {
    /// The curves behind the figures, in the order of `classes`.
    ///
    /// Source: YOLOv5 6.2, `ap_per_class`.
    public var classCurves: [ClassCurves] {
        classes.indices.map { index in
            ClassCurves(
                classIndex: classes[index].classIndex, precision: curves[index].precision, recall: curves[index].recall,
                f1: curves[index].f1, precisionAtRecall: sampledPrecisions[index])
        }
    }
}
