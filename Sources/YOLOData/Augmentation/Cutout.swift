import Detection
package import Imaging

/// Rectangles of random colours that hide parts of a sample: one of half the side, two of a quarter, down to sixteen of 1/32.
///
/// - Source: DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout" (2017), as in the
///   reference's `cutout`, which it never calls.
package struct Cutout: Hashable, Sendable {
    package struct Hole: Hashable, Sendable {
        /// Pixels of the sample; may be empty.
        package var place: PixelRect
        package var color: Color
    }

    package var holes: [Hole]

    /// An object of which more is hidden is no longer labelled.
    private static let hiddenLimit: Float = 0.6

    package init(holes: [Hole]) { self.holes = holes }

    /// Draws the holes for a picture of `width` by `height` pixels.
    init(width: Int, height: Int, random: inout SampleRandom) {
        func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.index(below: range.count) }
        holes = []
        for (count, divisor) in [(1, 2), (2, 4), (4, 8), (8, 16), (16, 32)] {
            for _ in 0..<count {
                let holeHeight = number(1...max(height / divisor, 1))
                let holeWidth = number(1...max(width / divisor, 1))
                let centerX = number(0...width)
                let centerY = number(0...height)
                let levels = (0..<3).map { _ in UInt8(number(64...191)) }
                holes.append(
                    Hole(
                        centerX: centerX, centerY: centerY, width: holeWidth, height: holeHeight,
                        color: Color(red: levels[0], green: levels[1], blue: levels[2]), imageWidth: width, imageHeight: height))
            }
        }
    }

    /// Hides the pixels.
    package func apply(to view: ImageView) {
        for hole in holes {
            let place = hole.place.intersection(PixelRect(width: view.width, height: view.height))
            guard !place.isEmpty else { continue }
            view.part(x: place.x0, y: place.y0, width: place.width, height: place.height).fill(hole.color)
        }
    }

    /// The labels of what can still be seen on a picture of `width` by `height` pixels.
    package func visible(_ labels: [BoxLabel], width: Int, height: Int) -> [BoxLabel] {
        let covers = holes.map { hole in
            Box(x1: Float(hole.place.x0), y1: Float(hole.place.y0), x2: Float(hole.place.x1), y2: Float(hole.place.y1))
        }
        return labels.filter { label in
            let box = label.box.inPixels(width: Float(width), height: Float(height))
            return covers.allSatisfy { box.coveredFraction(by: $0) < Self.hiddenLimit }
        }
    }
}

extension Cutout.Hole {
    /// A hole around a pixel, cut at the border of the image: what is cut on the left or above is added on the other side.
    package init(
        centerX: Int, centerY: Int, width: Int, height: Int, color: Color, imageWidth: Int, imageHeight: Int
    ) {
        let left = max(centerX - width / 2, 0)
        let top = max(centerY - height / 2, 0)
        place = PixelRect(x0: left, y0: top, x1: min(left + width, imageWidth), y1: min(top + height, imageHeight))
        self.color = color
    }
}
