import Detection
import Foundation
import Imaging

/// One picture of the built-in data set before it is drawn: what lies where, in which colours.
struct ShapeScene {
    struct Shape {
        let kind: ShapeKind
        /// In pixels of the picture; may reach beyond it.
        let outline: Path
        let style: ShapeStyle
        /// Bounds of what is drawn within the picture.
        let box: Box
    }

    /// Side of the picture in pixels.
    let size: Int
    let background: BackgroundTexture
    /// From the lowest to the topmost.
    private(set) var shapes: [Shape] = []

    /// Draws lots for 2 to 8 shapes with a long side of 18 to 120 pixels.
    init(size: Int, random: inout SampleRandom) {
        self.size = size
        background = BackgroundTexture(random: &random)
        let count = 2 + random.index(below: 7)
        var longSide = Self.longSide(&random)
        while shapes.count < count {
            let kind = ShapeKind.allCases[random.index(below: ShapeKind.allCases.count)]
            if let shape = place(kind, longSide: longSide, random: &random) {
                shapes.append(shape)
                longSide = Self.longSide(&random)
            } else {
                // No room for this one: try a smaller one.
                longSide = max(18, longSide * 0.8)
            }
        }
    }

    /// Small and large ones come equally often by factor.
    private static func longSide(_ random: inout SampleRandom) -> Double { 18 * pow(120 / 18, random.uniform(0, 1)) }

    /// Looks for a place where the shape is seen well and leaves at least 60 % of each other to be seen.
    private func place(_ kind: ShapeKind, longSide: Double, random: inout SampleRandom) -> Shape? {
        let style = ShapeStyle(on: background, longSide: longSide, random: &random)
        for _ in 0..<20 {
            let turned = kind.outline.rotated(degrees: random.uniform(0, 360))
            let (x, y) = (random.uniform(0, Double(size)), random.uniform(0, Double(size)))
            guard let bounds = turned.bounds else { continue }
            // The pen reaches half its width beyond the outline.
            let scale = (longSide - style.penWidth) / max(bounds.x2 - bounds.x1, bounds.y2 - bounds.y1)
            let outline = turned.scaled(x: scale, y: scale).moved(x: x, y: y)
            let reach = style.penWidth / 2
            let whole = Box(
                x1: Float(x + bounds.x1 * scale - reach), y1: Float(y + bounds.y1 * scale - reach),
                x2: Float(x + bounds.x2 * scale + reach), y2: Float(y + bounds.y2 * scale + reach))
            let box = whole.clipped(toWidth: Float(size), height: Float(size))
            guard box.area > 0.75 * whole.area, max(box.width, box.height) >= 17.999 else { continue }
            guard leavesOthersVisible(box) else { continue }
            return Shape(kind: kind, outline: outline, style: style, box: box)
        }
        return nil
    }

    /// Whether at most 40 % of every shape's box is covered by the boxes above it, `box` being the topmost.
    private func leavesOthersVisible(_ box: Box) -> Bool {
        shapes.indices.allSatisfy { index in
            let above = shapes[(index + 1)...].map(\.box) + [box]
            let covered = above.reduce(0) { $0 + $1.intersectionArea(with: shapes[index].box) }
            return covered <= 0.4 * shapes[index].box.area
        }
    }

    func draw() throws(ImagingError) -> Image {
        let canvas = try Canvas(Image(width: size, height: size) { background.paint(on: $0) })
        for shape in shapes { try shape.style.draw(shape.outline, around: shape.box, on: canvas) }
        return canvas.makeImage()
    }

    /// The rows of the label file.
    var labelText: String {
        shapes.map { shape in
            let box = shape.box.normalized(width: Float(size), height: Float(size))
            let numbers = [box.centerX, box.centerY, box.width, box.height].map { String(format: "%.6f", Double($0)) }
            return "\(ShapeKind.allCases.firstIndex(of: shape.kind) ?? 0) " + numbers.joined(separator: " ") + "\n"
        }.joined()
    }
}
