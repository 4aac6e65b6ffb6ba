/// A colour of a line, a bar or a text.
package struct ChartColor: Sendable, Hashable {
    /// 0xRRGGBB; above that, how transparent it is.
    let value: Int

    init(_ value: Int) { self.value = value }

    /// - Parameter transparency: 0...1
    func withTransparency(_ transparency: Double) -> ChartColor {
        ChartColor(value & 0xFFFFFF | Int(255 * transparency) << 24)
    }

    static let text = ChartColor(0x262626)
    static let frame = ChartColor(0x8C8C8C)
    static let grid = ChartColor(0xE3E3E3)
    static let grey = ChartColor(0xB5B5B5)
    static let blue = ChartColor(0x1F77B4)
    static let orange = ChartColor(0xFF7F0E)
    static let strongBlue = ChartColor(0x0B3FD9)

    /// For up to ten lines in one frame: colours that differ in hue and lightness.
    static let series = [
        0x1F77B4, 0xFF7F0E, 0x2CA02C, 0xD62728, 0x9467BD, 0x8C564B, 0xE377C2, 0x7F7F7F, 0xBCBD22, 0x17BECF,
    ].map(ChartColor.init)

    static func ofSeries(_ index: Int) -> ChartColor { series[index % series.count] }

    /// Neighbouring classes lie a golden angle apart on the colour wheel, as in the pictures of boxes.
    static func ofClass(_ index: Int) -> ChartColor {
        let hue = (Double(index) * 0.618034).truncatingRemainder(dividingBy: 1)
        func component(_ offset: Double) -> Int {
            let position = (hue + offset).truncatingRemainder(dividingBy: 1) * 6
            let ramp = min(max(abs(position - 3) - 1, 0), 1)
            return Int(255 * (0.15 + 0.8 * ramp))
        }
        return ChartColor(component(0) << 16 | component(2.0 / 3) << 8 | component(1.0 / 3))
    }

    var hexadecimal: String {
        let digits = String(value, radix: 16)
        return "#" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
