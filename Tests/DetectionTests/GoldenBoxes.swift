import Detection
import GoldenFixtures

/// Golden tensors of four or more columns, read as this module's types.
extension GoldenTensor {
    var rows: [[Float]] {
        let values = floats
        let width = shape[1]
        return (0..<shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }

    /// Rows of x1, y1, x2, y2.
    var cornerBoxes: [Box] { rows.map { Box(x1: $0[0], y1: $0[1], x2: $0[2], y2: $0[3]) } }

    /// Rows of x, y, width, height in pixels.
    var centerBoxes: [Box] { rows.map { Box(centerX: $0[0], centerY: $0[1], width: $0[2], height: $0[3]) } }

    /// Rows of x, y, width, height in 0...1.
    var normalizedBoxes: [NormalizedBox] {
        rows.map { NormalizedBox(centerX: $0[0], centerY: $0[1], width: $0[2], height: $0[3]) }
    }

    /// Rows of x1, y1, x2, y2, confidence, class.
    var detections: [DetectedObject] {
        rows.map {
            DetectedObject(
                box: Box(x1: $0[0], y1: $0[1], x2: $0[2], y2: $0[3]), confidence: $0[4], classIndex: Int($0[5]))
        }
    }

    /// Rows of class, x1, y1, x2, y2.
    var labels: [LabeledBox] {
        rows.map { LabeledBox(classIndex: Int($0[0]), box: Box(x1: $0[1], y1: $0[2], x2: $0[3], y2: $0[4])) }
    }

    /// Rows of x, y.
    var polygon: Polygon { Polygon(points: rows.map { SIMD2($0[0], $0[1]) }) }
}

extension Box {
    var corners: [Float] { [x1, y1, x2, y2] }
    var centerAndSize: [Float] { [centerX, centerY, width, height] }
}

extension NormalizedBox {
    var centerAndSize: [Float] { [centerX, centerY, width, height] }
}

extension Polygon {
    var coordinates: [Float] { points.flatMap { [$0.x, $0.y] } }
}

/// The largest distance between numbers at the same place; infinite where the counts differ.
func largestDifference(_ left: [Float], _ right: [Float]) -> Float {
    left.count == right.count ? zip(left, right).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
    left.count == right.count ? zip(left, right).map { abs($0 - $1) }.max() ?? 0 : .infinity
}
