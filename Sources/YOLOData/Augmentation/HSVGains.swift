package import Imaging

/// Factors for hue, saturation and value of a sample, around 1.
///
/// - Source: the reference's `augment_hsv`.
package struct HSVGains: Hashable, Sendable {
    package var hue: Double
    package var saturation: Double
    package var value: Double

    package static let identity = HSVGains(hue: 1, saturation: 1, value: 1)

    package init(hue: Double, saturation: Double, value: Double) {
        self.hue = hue
        self.saturation = saturation
        self.value = value
    }

    init(options: AugmentationOptions, random: inout SampleRandom) {
        hue = 1 + random.uniform(-1, 1) * options.hue
        saturation = 1 + random.uniform(-1, 1) * options.saturation
        value = 1 + random.uniform(-1, 1) * options.value
    }

    /// The change of pixels by these factors.
    package var adjustment: HSVAdjustment { HSVAdjustment(hueGain: hue, saturationGain: saturation, valueGain: value) }
}
