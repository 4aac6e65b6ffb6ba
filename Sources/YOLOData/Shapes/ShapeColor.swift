import Imaging

/// A colour of parts in 0...1.
struct ShapeColor: Hashable {
    var red: Double
    var green: Double
    var blue: Double

    init(red: Double, green: Double, blue: Double) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// - Parameter hue: 0...1 around the colour circle.
    init(hue: Double, saturation: Double, value: Double) {
        func part(_ offset: Double) -> Double {
            let position = (offset + hue * 6).truncatingRemainder(dividingBy: 6)
            return value - value * saturation * max(0, min(position, 4 - position, 1))
        }
        self.init(red: part(5), green: part(3), blue: part(1))
    }

    /// A quiet colour for a background.
    static func muted(random: inout SampleRandom) -> ShapeColor {
        ShapeColor(hue: random.uniform(0, 1), saturation: random.uniform(0.05, 0.35), value: random.uniform(0.2, 0.85))
    }

    /// A lively colour that can be told from all of `others`.
    static func vivid(unlike others: [ShapeColor], random: inout SampleRandom) -> ShapeColor {
        while true {
            let color = ShapeColor(
                hue: random.uniform(0, 1), saturation: random.uniform(0.55, 1), value: random.uniform(0.5, 1))
            if others.allSatisfy({ color.distance(to: $0) > 0.45 }) { return color }
        }
    }

    /// The colour `fraction` of the way to another one.
    func mixed(with other: ShapeColor, _ fraction: Double) -> ShapeColor {
        ShapeColor(
            red: red + (other.red - red) * fraction, green: green + (other.green - green) * fraction,
            blue: blue + (other.blue - blue) * fraction)
    }

    /// The nearest colour of 8 bits a part.
    var pixel: Color {
        func byte(_ part: Double) -> UInt8 { UInt8((part * 255).rounded().clamped(to: 0...255)) }
        return Color(red: byte(red), green: byte(green), blue: byte(blue))
    }

    private func distance(to other: ShapeColor) -> Double {
        let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
        return (r * r + g * g + b * b).squareRoot()
    }
}
