internal import Foundation

/// A projective map of the plane, in pixels: x right, y down.
///
/// `a * b` does `b` first, as matrices do.
///
///     let turned = Homography.translation(x: 320, y: 320) * .rotation(degrees: 10) * .translation(x: -640, y: -640)
package struct Homography: Hashable, Sendable {
    /// The 3x3 matrix, row by row.
    package let elements: [Double]

    /// - Precondition: nine elements, row by row.
    package init(_ elements: [Double]) {
        precondition(elements.count == 9, "a homography has nine elements")
        self.elements = elements
    }

    package static let identity = Homography([1, 0, 0, 0, 1, 0, 0, 0, 1])

    package static func translation(x: Double, y: Double) -> Homography {
        Homography([1, 0, x, 0, 1, y, 0, 0, 1])
    }

    /// Turns counter-clockwise (on the screen) about the origin, and scales.
    package static func rotation(degrees: Double, scale: Double = 1) -> Homography {
        let angle = degrees * .pi / 180
        let (cosine, sine) = (scale * cos(angle), scale * sin(angle))
        return Homography([cosine, sine, 0, -sine, cosine, 0, 0, 0, 1])
    }

    package static func scale(x: Double, y: Double) -> Homography {
        Homography([x, 0, 0, 0, y, 0, 0, 0, 1])
    }

    package static func shear(xDegrees: Double, yDegrees: Double) -> Homography {
        Homography([1, tan(xDegrees * .pi / 180), 0, tan(yDegrees * .pi / 180), 1, 0, 0, 0, 1])
    }

    /// Tilts the plane: (0, 0) stays, the scale at (x', y') is 1 / (x·x' + y·y' + 1).
    package static func perspective(x: Double, y: Double) -> Homography {
        Homography([1, 0, 0, 0, 1, 0, x, y, 1])
    }

    /// Whether parallel lines stay parallel.
    package var isAffine: Bool { elements[6] == 0 && elements[7] == 0 && elements[8] == 1 }

    package static func * (left: Homography, right: Homography) -> Homography {
        let (a, b) = (left.elements, right.elements)
        return Homography(
            (0..<9).map { index in
                let (row, column) = (index / 3 * 3, index % 3)
                return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6]
            })
    }

    /// Where the map takes a point.
    package func callAsFunction(x: Double, y: Double) -> (x: Double, y: Double) {
        let m = elements
        let depth = m[6] * x + m[7] * y + m[8]
        return ((m[0] * x + m[1] * y + m[2]) / depth, (m[3] * x + m[4] * y + m[5]) / depth)
    }

    /// The map back, or `nil` when this one flattens the plane.
    package var inverse: Homography? {
        let m = elements
        if isAffine {
            let determinant = m[0] * m[4] - m[1] * m[3]
            guard determinant != 0, determinant.isFinite else { return nil }
            let (a, b) = (m[4] / determinant, -m[1] / determinant)
            let (c, d) = (-m[3] / determinant, m[0] / determinant)
            return Homography([a, b, -a * m[2] - b * m[5], c, d, -c * m[2] - d * m[5], 0, 0, 1])
        }
        let cofactors = [
            m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
            m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
            m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
        ]
        let determinant = m[0] * cofactors[0] + m[1] * cofactors[3] + m[2] * cofactors[6]
        guard determinant != 0, determinant.isFinite else { return nil }
        return Homography(cofactors.map { $0 / determinant })
    }
}
