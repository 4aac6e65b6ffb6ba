/// The text of one label file, made of objects in pixels.
///
/// Boxes and outlines are clipped to the image; objects without area in it and repeated rows are left out and counted. Numbers
/// have six decimals, zeros at the end left out.
struct LabelRows {
    private(set) var bytes: [UInt8] = []
    private(set) var tally = ConversionTally()
    private let width, height: Double
    private let writesPolygons: Bool
    private let name: String
    private var seen: Set<[UInt8]> = []

    /// - Parameters:
    ///   - name: The image, to be named in messages.
    ///   - writesPolygons: Whether each row is an outline. An object without one is then written by its four corners: a
    ///     row of a box among rows of outlines would be read as an outline of two points.
    init(_ objects: [AnnotatedObject], width: Double, height: Double, writesPolygons: Bool, name: String) {
        (self.width, self.height, self.writesPolygons, self.name) = (width, height, writesPolygons, name)
        for object in objects { add(object) }
    }

    private mutating func add(_ object: AnnotatedObject) {
        guard object.box.isFinite, object.box.x2 >= object.box.x1, object.box.y2 >= object.box.y1 else {
            return tally.count(.unusable, "\(name): \(object.place) left out: its box has a negative size, or is not finite")
        }
        guard let row = writesPolygons ? polygonRow(object) : boxRow(object) else {
            return tally.count(.empty, "\(name): \(object.place) left out: it has no area inside the image")
        }
        guard seen.insert(row).inserted else { return tally.count(.repeated) }
        bytes += row
        tally.objects += 1
    }

    /// `class x y width height`; nil for an object without area.
    private mutating func boxRow(_ object: AnnotatedObject) -> [UInt8]? {
        let box = object.box.clipped(toWidth: width, height: height, slack: Fraction.smallest)
        let numbers = [
            Fraction((box.x1 + box.x2) / 2 / width), Fraction((box.y1 + box.y2) / 2 / height),
            Fraction((box.x2 - box.x1) / width), Fraction((box.y2 - box.y1) / height),
        ]
        guard numbers[2].millionths > 0, numbers[3].millionths > 0 else { return nil }
        if box != object.box { tally.count(.clipped) }
        return row(object.classIndex, numbers)
    }

    /// `class x1 y1 x2 y2 x3 y3 …`; nil for an object without area.
    private mutating func polygonRow(_ object: AnnotatedObject) -> [UInt8]? {
        let outline = object.outline.isEmpty ? object.box.corners : object.outline
        var points: [SIMD2<Fraction.Value>] = []
        var isClipped = false
        for point in outline {
            guard point.x.isFinite, point.y.isFinite else { continue }
            let inside = SIMD2(point.x.clamped(to: 0...width), point.y.clamped(to: 0...height))
            isClipped = isClipped || abs(inside.x - point.x) > Fraction.smallest * width || abs(inside.y - point.y) > Fraction.smallest * height
            let corner = SIMD2(Fraction(inside.x / width).millionths, Fraction(inside.y / height).millionths)
            if points.last != corner { points.append(corner) }
        }
        if points.count > 1, points.last == points.first { points.removeLast() }
        guard points.count >= 3, let x = Self.extent(points.map(\.x)), let y = Self.extent(points.map(\.y)), x > 0, y > 0 else {
            return nil
        }
        if isClipped { tally.count(.clipped) }
        return row(object.classIndex, points.flatMap { [Fraction(millionths: $0.x), Fraction(millionths: $0.y)] })
    }

    private static func extent(_ values: [Fraction.Value]) -> Fraction.Value? {
        guard let low = values.min(), let high = values.max() else { return nil }
        return high - low
    }

    private func row(_ classIndex: Int, _ numbers: [Fraction]) -> [UInt8] {
        var row = Array(String(classIndex).utf8)
        for number in numbers {
            row.append(UInt8(ascii: " "))
            number.append(to: &row)
        }
        row.append(UInt8(ascii: "\n"))
        return row
    }
}

/// A number from 0 to 1 in whole millionths.
private struct Fraction {
    typealias Value = Int32
    /// What is out of the image by less comes of rounding, and is no reason to change a box.
    static let smallest = 1e-6
    let millionths: Value

    init(millionths: Value) { self.millionths = millionths }

    init(_ value: Double) { millionths = Value((value.clamped(to: 0...1) * 1e6).rounded()) }

    func append(to text: inout [UInt8]) {
        guard millionths < 1_000_000 else { return text.append(UInt8(ascii: "1")) }
        text.append(UInt8(ascii: "0"))
        guard millionths > 0 else { return }
        text.append(UInt8(ascii: "."))
        var rest = millionths
        var power: Value = 100_000
        while rest > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / power))
            rest %= power
            power /= 10
        }
    }
}
