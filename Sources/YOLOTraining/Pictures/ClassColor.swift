import Imaging

extension Color {
    /// A colour for a class: neighbouring classes lie a golden angle apart on the colour wheel, so they never look alike.
    static func ofClass(_ index: Int) -> Color {
        let hue = (Double(index) * 0.618034).truncatingRemainder(dividingBy: 1)
        func component(_ offset: Double) -> UInt8 {
            let position = (hue + offset).truncatingRemainder(dividingBy: 1) * 6
            let ramp = min(max(abs(position - 3) - 1, 0), 1)
            return UInt8(255 * (0.15 + 0.8 * ramp))
        }
        return Color(red: component(0), green: component(2.0 / 3), blue: component(1.0 / 3))
    }
}
