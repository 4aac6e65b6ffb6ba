package import Detection

/// How the objects of a data set are distributed, in as few numbers as a chart shows: a data set may have millions of labels.
package struct LabelStatistics: Sendable {
    package struct Label: Sendable {
        package let classIndex: Int
        package let box: NormalizedBox

        package init(classIndex: Int, box: NormalizedBox) {
            self.classIndex = classIndex
            self.box = box
        }
    }

    /// The numbers of a box, in the order of the correlogram.
    enum Quantity: Int, CaseIterable {
        case x, y, width, height

        func value(in box: NormalizedBox) -> Double {
            switch self {
            case .x: Double(box.centerX)
            case .y: Double(box.centerY)
            case .width: Double(box.width)
            case .height: Double(box.height)
            }
        }
    }

    static let bins = 50
    private static let mostBoxes = 1000

    /// By class index, the number of labels.
    let classCounts: [Int]
    /// The range of each quantity: whole images for centres, up to the largest object for sizes.
    let ranges: [AxisRange]
    /// At most a thousand labels, from all parts of the data set.
    private(set) var sample: [Label] = []
    /// By quantity and bin.
    private(set) var histograms = [[Int]](repeating: [Int](repeating: 0, count: bins), count: 4)
    /// By pair of quantities, bin of the second and bin of the first.
    private var jointHistograms = [[Int]](repeating: [Int](repeating: 0, count: bins * bins), count: 6)

    /// - Parameter labels: gone through twice, and not kept. Labels of classes beyond `classCount` are not counted as such.
    package init(_ labels: some Collection<Label>, classCount: Int) {
        var counts = [Int](repeating: 0, count: classCount)
        var (widest, highest) = (0.0, 0.0)
        for label in labels {
            if counts.indices.contains(label.classIndex) { counts[label.classIndex] += 1 }
            widest = max(widest, Double(label.box.width))
            highest = max(highest, Double(label.box.height))
        }
        classCounts = counts
        ranges = [.unit, .unit] + [widest, highest].map { AxisRange(0, $0 > 0 ? min($0, 1) : 1) }

        let stride = max(labels.count / Self.mostBoxes, 1)
        for (index, label) in labels.enumerated() {
            if index % stride == 0, sample.count < Self.mostBoxes { sample.append(label) }
            count(label.box)
        }
    }

    private mutating func count(_ box: NormalizedBox) {
        for second in Quantity.allCases {
            guard let bin = bin(of: second, in: box) else { continue }
            histograms[second.rawValue][bin] += 1
            for first in Quantity.allCases where first.rawValue < second.rawValue {
                guard let firstBin = self.bin(of: first, in: box) else { continue }
                jointHistograms[Self.pair(first, second)][bin * Self.bins + firstBin] += 1
            }
        }
    }

    private func bin(of quantity: Quantity, in box: NormalizedBox) -> Int? {
        let position = quantity.value(in: box) / ranges[quantity.rawValue].upper * Double(Self.bins)
        guard position >= 0, position <= Double(Self.bins) else { return nil }
        return min(Int(position), Self.bins - 1)
    }

    /// The place of a pair among x-y, x-width, y-width, x-height, y-height, width-height.
    private static func pair(_ first: Quantity, _ second: Quantity) -> Int {
        second.rawValue * (second.rawValue - 1) / 2 + first.rawValue
    }

    /// The number of labels by bins, `[second][first]`, where `first` comes before `second`.
    func jointHistogram(_ first: Quantity, _ second: Quantity) -> [[Int]] {
        let counts = jointHistograms[Self.pair(first, second)]
        return (0..<Self.bins).map { Array(counts[$0 * Self.bins..<($0 + 1) * Self.bins]) }
    }
}
