public import Detection

/// What a validation of finished weights knows beyond its figures: enough for every plot.
public struct ValidationDetails: Sendable, Hashable {
    /// Figures and curves (`DetectionMetrics.classCurves`) of each class.
    public let metrics: DetectionMetrics
    /// As what the objects of each class were detected; nil for data sets of more classes than a matrix is made for.
    public let confusion: ConfusionMatrix?

    public init(metrics: DetectionMetrics, confusion: ConfusionMatrix?) {
        self.metrics = metrics
        self.confusion = confusion
    }
}
