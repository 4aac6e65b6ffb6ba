import Detection

extension [BoxSize] {
    /// These anchors, sorted from small to large, as a model's YAML has them: width, height, width, … in pixels, for each
    /// output level from the finest on.
    /// - Parameter count: of the levels; it divides the number of anchors.
    package func levels(_ count: Int) -> [[Double]] {
        precondition(count > 0 && self.count % count == 0, "every level has the same number of anchors")
        let perLevel = self.count / count
        return (0..<count).map { level in
            self[level * perLevel..<(level + 1) * perLevel].flatMap { [$0.width, $0.height].map(Self.hundredths) }
        }
    }

    /// Without the digits that a float has beyond what it was rounded to.
    private static func hundredths(_ pixels: Float) -> Double { (Double(pixels) * 100).rounded() / 100 }
}

extension [Double] {
    /// Anchors of a level as a line of a model's YAML: `  - [10,13, 16.5,30, 33,23]`.
    package var anchorText: String {
        let pairs = stride(from: 0, to: count - 1, by: 2).map { "\(Self.shortest(self[$0])),\(Self.shortest(self[$0 + 1]))" }
        return "  - [\(pairs.joined(separator: ", "))]"
    }

    private static func shortest(_ pixels: Double) -> String {
        let text = "\(pixels)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
