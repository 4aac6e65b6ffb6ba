/// How much a training sample may be changed; the augmentation keys of a hyperparameter YAML.
///
/// The defaults are those of `hyp.scratch-low.yaml`.
public struct AugmentationOptions: Hashable, Sendable, Codable {
    /// Largest change of the hue, as a fraction (`hsv_h`).
    public var hue = 0.015
    /// Largest change of the saturation, as a fraction (`hsv_s`).
    public var saturation = 0.7
    /// Largest change of the value, as a fraction (`hsv_v`).
    public var value = 0.4
    /// Largest rotation either way, in degrees.
    public var degrees = 0.0
    /// Largest shift either way, as a fraction of the image.
    public var translate = 0.1
    /// Largest change of the scale either way: 0.5 draws from 0.5 to 1.5.
    public var scale = 0.5
    /// Largest shear either way, in degrees.
    public var shear = 0.0
    /// Largest perspective either way, 0 to 0.001 (a change of depth by pixel).
    public var perspective = 0.0
    /// Probability of a flip upside down (`flipud`).
    public var verticalFlip = 0.0
    /// Probability of a flip left to right (`fliplr`).
    public var horizontalFlip = 0.5
    /// Probability that a sample is a mosaic of four images.
    public var mosaic = 1.0
    /// Probability that a mosaic is mixed with a second one.
    public var mixup = 0.0
    /// Fraction of the outlined objects of a mosaic that are pasted mirrored (`copy_paste`).
    public var copyPaste = 0.0

    enum CodingKeys: String, CodingKey {
        case hue = "hsv_h", saturation = "hsv_s", value = "hsv_v"
        case degrees, translate, scale, shear, perspective
        case verticalFlip = "flipud", horizontalFlip = "fliplr"
        case mosaic, mixup
        case copyPaste = "copy_paste"
    }

    public init() {}

    /// No change at all: every training image as it is, letterboxed to a square.
    public static var none: AugmentationOptions {
        var options = AugmentationOptions()
        (options.hue, options.saturation, options.value) = (0, 0, 0)
        (options.translate, options.scale, options.horizontalFlip, options.mosaic) = (0, 0, 0, 0)
        return options
    }

    /// - Throws: `DataError.option` for a value out of its range, under its key of the YAML.
    public func validate() throws(DataError) {
        for (key, probability) in [
            (CodingKeys.verticalFlip, verticalFlip), (.horizontalFlip, horizontalFlip), (.mosaic, mosaic), (.mixup, mixup),
            (.hue, hue), (.saturation, saturation), (.value, value), (.translate, translate), (.copyPaste, copyPaste),
        ] where !(0...1).contains(probability) {
            throw .option(name: key.rawValue, value: "\(probability)", allowed: "0 to 1")
        }
        guard (0..<1).contains(scale) else {
            throw .option(name: CodingKeys.scale.rawValue, value: "\(scale)", allowed: "0 to 1, without 1")
        }
        guard (0...180).contains(degrees) else {
            throw .option(name: CodingKeys.degrees.rawValue, value: "\(degrees)", allowed: "0 to 180")
        }
        guard (0..<90).contains(shear) else {
            throw .option(name: CodingKeys.shear.rawValue, value: "\(shear)", allowed: "0 to 90, without 90")
        }
        guard (0...0.001).contains(perspective) else {
            throw .option(name: CodingKeys.perspective.rawValue, value: "\(perspective)", allowed: "0 to 0.001")
        }
        guard copyPaste == 0 else {
            throw .option(
                name: CodingKeys.copyPaste.rawValue, value: "\(copyPaste)", allowed: "0: pasting objects is not supported")
        }
    }
}
