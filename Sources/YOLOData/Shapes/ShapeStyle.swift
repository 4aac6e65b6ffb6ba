import Detection
import Imaging

/// How a shape is drawn: flat, shaded or striped, with or without an edge, on its shadow.
struct ShapeStyle {
    private enum Filling { case flat, shaded, striped }

    /// Pixels; 0 without an edge.
    let penWidth: Double
    private let filling: Filling
    private let color: ShapeColor
    private let second: ShapeColor
    private let edge: ShapeColor
    private let shadow: (x: Double, y: Double)

    init(on background: BackgroundTexture, longSide: Double, random: inout SampleRandom) {
        color = .vivid(unlike: [background.low, background.high], random: &random)
        let black = ShapeColor(red: 0, green: 0, blue: 0)
        let white = ShapeColor(red: 1, green: 1, blue: 1)
        second = color.mixed(with: random.chance(0.5) ? black : white, random.uniform(0.25, 0.5))
        edge = color.mixed(with: black, random.uniform(0.5, 0.8))
        switch random.uniform(0, 1) {
        case ..<0.4: filling = .flat
        case ..<0.75: filling = .shaded
        default: filling = .striped
        }
        penWidth = random.chance(0.5) ? (longSide / 30).clamped(to: 1...3) : 0
        let distance = longSide / 25
        shadow = (random.uniform(-1, 1) * distance, random.uniform(0.5, 1) * distance)
    }

    func draw(_ outline: Path, around box: Box, on canvas: Canvas) throws(ImagingError) {
        // Three faint layers make a soft shadow.
        for layer in 1...3 {
            let (x, y) = (shadow.x * Double(layer) / 2, shadow.y * Double(layer) / 2)
            try canvas.fill(outline.moved(x: x, y: y), with: .color(Color(gray: 0), opacity: 0.12), rule: .evenOdd)
        }
        try canvas.fill(outline, with: paint(box), rule: .evenOdd)
        if penWidth > 0 { try canvas.stroke(outline, width: penWidth, with: .color(edge.pixel)) }
    }

    private func paint(_ box: Box) -> Canvas.Paint {
        switch filling {
        case .flat:
            .color(color.pixel)
        case .shaded:
            .gradient(
                from: color.pixel, start: Path.Point(x: Double(box.x1), y: Double(box.y1)),
                to: second.pixel, end: Path.Point(x: Double(box.x2), y: Double(box.y2)))
        case .striped:
            .texture(stripes)
        }
    }

    /// A tile of diagonal stripes, eight pixels from one to the next.
    private var stripes: Image {
        Image(width: 8, height: 8) { view in
            for y in 0..<8 {
                for x in 0..<8 { view[x, y] = (x + y) % 8 < 4 ? color.pixel : second.pixel }
            }
        }
    }
}
