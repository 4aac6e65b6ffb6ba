internal import COpenCV

/// Multiplies hue, saturation and brightness of a picture by gains around 1.
///
/// Works on 8-bit components as the reference's `augment_hsv` does: hue in 0...179 wraps around, saturation and value are
/// clipped at 255, all three are rounded down.
package struct HSVAdjustment: Sendable {
    /// One table after the other: hue, saturation, value; 256 entries each.
    private let tables: [UInt8]

    package init(hueGain: Double, saturationGain: Double, valueGain: Double) {
        let levels = (0..<256).map(Double.init)
        tables = levels.map { UInt8(($0 * hueGain).remainderUpwards(of: 180)) }
            + levels.map { UInt8(min(max($0 * saturationGain, 0), 255)) }
            + levels.map { UInt8(min(max($0 * valueGain, 0), 255)) }
    }

    /// Changes the pixels in place.
    package func apply(to view: ImageView) {
        withTones { co_remap_hsv(view.raw, $0) }
    }

    /// Lends the tables.
    func withTones(_ body: (UnsafePointer<COTones>) -> Void) {
        tables.withUnsafeBufferPointer { tables in
            guard let hue = tables.baseAddress else { return }
            var tones = COTones(hue: hue, saturation: hue + 256, value: hue + 512)
            body(&tones)
        }
    }
}

extension Double {
    /// What is left after taking away as many whole `period`s as fit, never negative.
    fileprivate func remainderUpwards(of period: Double) -> Double {
        let rest = truncatingRemainder(dividingBy: period)
        return rest < 0 ? rest + period : rest
    }
}
