/// Sizes of objects that are looked at on their own.
enum COCOAreaRange: Int, CaseIterable {
    case all, small, medium, large

    /// In square pixels; both ends belong to it, so that an area of 1024 is small and medium.
    var areas: ClosedRange<Double> {
        switch self {
        case .all: 0...1e10
        case .small: 0...1024
        case .medium: 1024...9216
        case .large: 9216...1e10
        }
    }
}

/// The constants of the evaluation.
enum COCOParameters {
    /// 0.50, 0.55, … 0.95.
    static let iouThresholds = evenly(from: 0.5, to: 0.95, count: 10)
    /// 0, 0.01, … 1.
    static let recallThresholds = evenly(from: 0, to: 1, count: 101)
    /// The best so many of an image and a category count.
    static let maxDetections = [1, 10, 100]
    static let mostDetections = 100

    /// To the bit the numbers of `numpy.linspace`.
    private static func evenly(from start: Double, to end: Double, count: Int) -> [Double] {
        let step = (end - start) / Double(count - 1)
        return (0..<count).map { index in index == count - 1 ? end : Double(index) * step + start }
    }
}
