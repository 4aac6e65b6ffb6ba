import Foundation
import Imaging

/// The classes of the built-in data set, in the order of their class numbers.
package enum ShapeKind: String, CaseIterable, Sendable {
    case circle, square, triangle, star, cross, ring

    /// The outline around (0, 0), within a circle of radius 1. Filled by the even-odd rule: the ring has a hole.
    var outline: Path {
        switch self {
        case .circle:
            .ellipse(centerX: 0, centerY: 0, radiusX: 1, radiusY: 1)
        case .square:
            Self.corners([1], count: 4)
        case .triangle:
            Self.corners([1], count: 3)
        case .star:
            // The inner corners of a pentagram lie on a circle of this radius.
            Self.corners([1, 0.382], count: 10)
        case .cross:
            Self.cross(armWidth: 0.5)
        case .ring:
            Path.ellipse(centerX: 0, centerY: 0, radiusX: 1, radiusY: 1)
                .joined(with: .ellipse(centerX: 0, centerY: 0, radiusX: 0.56, radiusY: 0.56))
        }
    }

    /// `count` corners around the centre, on circles of the given radii in turn.
    private static func corners(_ radii: [Double], count: Int) -> Path {
        .polygon((0..<count).map { corner in
            let angle = 2 * .pi * Double(corner) / Double(count)
            let radius = radii[corner % radii.count]
            return (cos(angle) * radius, sin(angle) * radius)
        })
    }

    /// Two bars of equal length at a right angle.
    private static func cross(armWidth: Double) -> Path {
        let half = armWidth / 2
        let reach = (1 - half * half).squareRoot()
        return .polygon([
            (reach, -half), (reach, half), (half, half), (half, reach), (-half, reach), (-half, half),
            (-reach, half), (-reach, -half), (-half, -half), (-half, -reach), (half, -reach), (half, -half),
        ])
    }
}
