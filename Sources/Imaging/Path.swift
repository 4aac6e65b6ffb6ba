internal import Foundation

/// An outline of straight lines and Bézier curves, in pixels: (0, 0) is the top left corner of the picture.
///
///     let blade = Path.polygon([(0, -20), (6, 0), (0, 20), (-6, 0)]).moved(x: 50, y: 50)
package struct Path: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        package var x, y: Double

        package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
    }

    enum Element: Hashable, Sendable {
        case move(Point)
        case line(Point)
        case curve(Point, Point, Point)
        case close
    }

    private(set) var elements: [Element] = []

    package init() {}

    package mutating func move(x: Double, y: Double) { elements.append(.move(Point(x: x, y: y))) }

    package mutating func line(x: Double, y: Double) { elements.append(.line(Point(x: x, y: y))) }

    package mutating func curve(_ control1: Point, _ control2: Point, to end: Point) {
        elements.append(.curve(control1, control2, end))
    }

    package mutating func close() { elements.append(.close) }

    /// A closed outline through the corners.
    package static func polygon(_ corners: [(x: Double, y: Double)]) -> Path {
        var path = Path()
        for (index, corner) in corners.enumerated() {
            let point = Point(x: corner.x, y: corner.y)
            path.elements.append(index == 0 ? .move(point) : .line(point))
        }
        if !corners.isEmpty { path.close() }
        return path
    }

    package static func rectangle(x: Double, y: Double, width: Double, height: Double) -> Path {
        polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    }

    /// An ellipse about a centre, of four curves; its radii are right to 0.03 %.
    package static func ellipse(centerX x: Double, centerY y: Double, radiusX: Double, radiusY: Double) -> Path {
        let bow = 0.552_284_749_83  // 4/3 * (sqrt(2) - 1): a quarter of a circle touches it at 0, 45 and 90 degrees
        let (controlX, controlY) = (bow * radiusX, bow * radiusY)
        func point(_ dx: Double, _ dy: Double) -> Point { Point(x: x + dx, y: y + dy) }
        var path = Path()
        path.move(x: x + radiusX, y: y)
        path.curve(point(radiusX, controlY), point(controlX, radiusY), to: point(0, radiusY))
        path.curve(point(-controlX, radiusY), point(-radiusX, controlY), to: point(-radiusX, 0))
        path.curve(point(-radiusX, -controlY), point(-controlX, -radiusY), to: point(0, -radiusY))
        path.curve(point(controlX, -radiusY), point(radiusX, -controlY), to: point(radiusX, 0))
        path.close()
        return path
    }

    /// Both outlines as one; where they overlap, an even number of times is outside when filled by `.evenOdd`.
    package func joined(with other: Path) -> Path {
        var path = self
        path.elements += other.elements
        return path
    }

    package func moved(x: Double, y: Double) -> Path { mapped { Point(x: $0.x + x, y: $0.y + y) } }

    package func scaled(x: Double, y: Double) -> Path { mapped { Point(x: $0.x * x, y: $0.y * y) } }

    /// Turned clockwise on the screen about the origin.
    package func rotated(degrees: Double) -> Path {
        let (cosine, sine) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        return mapped { Point(x: cosine * $0.x - sine * $0.y, y: sine * $0.x + cosine * $0.y) }
    }

    private func mapped(_ transform: (Point) -> Point) -> Path {
        var path = Path()
        path.elements = elements.map { element in
            switch element {
            case .move(let point): .move(transform(point))
            case .line(let point): .line(transform(point))
            case .curve(let first, let second, let end): .curve(transform(first), transform(second), transform(end))
            case .close: .close
            }
        }
        return path
    }

    /// The smallest upright rectangle around the outline (x1, y1, x2, y2), `nil` for an empty path.
    package var bounds: (x1: Double, y1: Double, x2: Double, y2: Double)? {
        var points: [Point] = []
        var current = Point(x: 0, y: 0)
        for element in elements {
            switch element {
            case .move(let point), .line(let point):
                points.append(point)
                current = point
            case .curve(let first, let second, let end):
                let controls = [current, first, second, end]
                let turns = turningPoints(controls.map(\.x)) + turningPoints(controls.map(\.y))
                points += turns.map { t in Point(x: bezier(controls.map(\.x), t), y: bezier(controls.map(\.y), t)) }
                points.append(end)
                current = end
            case .close: break
            }
        }
        guard let first = points.first else { return nil }
        return points.reduce((first.x, first.y, first.x, first.y)) { box, point in
            (min(box.0, point.x), min(box.1, point.y), max(box.2, point.x), max(box.3, point.y))
        }
    }
}

private func bezier(_ c: [Double], _ t: Double) -> Double {
    let s = 1 - t
    return s * s * s * c[0] + 3 * s * s * t * c[1] + 3 * s * t * t * c[2] + t * t * t * c[3]
}

/// The parameters in 0...1 at which a cubic Bézier coordinate stops growing or shrinking: roots of its derivative.
private func turningPoints(_ c: [Double]) -> [Double] {
    let (a, b, d) = (-c[0] + 3 * c[1] - 3 * c[2] + c[3], 2 * (c[0] - 2 * c[1] + c[2]), c[1] - c[0])
    var roots: [Double] = []
    if abs(a) < 1e-12 {
        if abs(b) > 1e-12 { roots = [-d / b] }
    } else {
        let discriminant = b * b - 4 * a * d
        if discriminant >= 0 {
            let root = discriminant.squareRoot()
            roots = [(-b + root) / (2 * a), (-b - root) / (2 * a)]
        }
    }
    return roots.filter { (0...1).contains($0) }
}
