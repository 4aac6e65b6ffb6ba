/// Whole pixels: `x0 <= x < x1` and `y0 <= y < y1`.
package struct PixelRect: Hashable, Sendable {
    package var x0, y0, x1, y1: Int

    package init(x0: Int, y0: Int, x1: Int, y1: Int) {
        (self.x0, self.y0, self.x1, self.y1) = (x0, y0, x1, y1)
    }

    /// All pixels of a picture.
    package init(width: Int, height: Int) { self.init(x0: 0, y0: 0, x1: width, y1: height) }

    package var width: Int { x1 - x0 }
    package var height: Int { y1 - y0 }
    package var isEmpty: Bool { x0 >= x1 || y0 >= y1 }

    package func intersection(_ other: PixelRect) -> PixelRect {
        PixelRect(x0: max(x0, other.x0), y0: max(y0, other.y0), x1: min(x1, other.x1), y1: min(y1, other.y1))
    }

    /// The smallest rectangle that holds both.
    package func union(_ other: PixelRect) -> PixelRect {
        PixelRect(x0: min(x0, other.x0), y0: min(y0, other.y0), x1: max(x1, other.x1), y1: max(y1, other.y1))
    }

    package func contains(_ other: PixelRect) -> Bool { intersection(other) == other }

    package func moved(x: Int, y: Int) -> PixelRect { PixelRect(x0: x0 + x, y0: y0 + y, x1: x1 + x, y1: y1 + y) }

    /// The rest after taking `others` away, as disjoint rectangles.
    package func without(_ others: [PixelRect]) -> [PixelRect] {
        others.reduce([self]) { rest, other in rest.flatMap { $0.without(other) } }
    }

    private func without(_ other: PixelRect) -> [PixelRect] {
        let hole = intersection(other)
        guard !hole.isEmpty else { return [self] }
        return [
            PixelRect(x0: x0, y0: y0, x1: x1, y1: hole.y0), PixelRect(x0: x0, y0: hole.y1, x1: x1, y1: y1),
            PixelRect(x0: x0, y0: hole.y0, x1: hole.x0, y1: hole.y1),
            PixelRect(x0: hole.x1, y0: hole.y0, x1: x1, y1: hole.y1),
        ].filter { !$0.isEmpty }
    }
}
