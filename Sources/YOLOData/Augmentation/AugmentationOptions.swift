/// How much a training sample may be changed; the augmentation keys of a hyperparameter YAML.
///
/// The defaults are those of `hyp.scratch-low.yaml`.
public struct AugmentationOptions: Hashable, Sendable {
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
    /// Largest change of the scale either way, 0 to 1: 0.5 draws from 0.5 to 1.5.
    public var scale = 0.5
    /// Largest shear either way, in degrees.
    public var shear = 0.0
    /// Largest perspective either way, 0 to 0.001 (a change of depth by pixel).
    public var perspective = 0.0
    /// Probability of a flip upside down (`flipud`).
    public var verticalFlip = 0.0
    /// Probability of a flip left to right (`fliplr`).
    public var horizontalFlip = 0.5
    /// Probability that a sample is a mosaic.
    public var mosaic = 1.0
    /// Probability that a mosaic is one of nine images, not of four (`mosaic9`). A key of ours; the reference has such a mosaic
    /// but never makes one.
    public var mosaicOfNine = 0.0
    /// Probability that a mosaic is mixed with a second one.
    public var mixup = 0.0
    /// Share of the outlined objects of a mosaic of four that are pasted a second time, mirrored, where there is room
    /// (`copy_paste`). Objects that are labelled by a box alone have no outline.
    public var copyPaste = 0.0
    /// Probability that rectangles of random colours hide parts of a sample (`cutout`). A key of ours; the reference has the
    /// function but never calls it.
    public var cutout = 0.0
    /// Probability that a sample gets a chance of each optional filter: blur, median blur, grey, equalised lightness, 0.01 each
    /// (`albumentations`, after the package that the reference takes them from where it is installed).
    public var albumentations = 0.0

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
        // The ends of all ranges are harmless: where scale or shear flatten a picture, nothing but gray is seen of it.
        let settings: [(key: String, value: Double, limit: Double)] = [
            ("hsv_h", hue, 1), ("hsv_s", saturation, 1), ("hsv_v", value, 1), ("degrees", degrees, 180),
            ("translate", translate, 1), ("scale", scale, 1), ("shear", shear, 90), ("perspective", perspective, 0.001),
            ("flipud", verticalFlip, 1), ("fliplr", horizontalFlip, 1), ("mosaic", mosaic, 1), ("mixup", mixup, 1),
            ("copy_paste", copyPaste, 1), ("mosaic9", mosaicOfNine, 1), ("cutout", cutout, 1),
            ("albumentations", albumentations, 1),
        ]
        for setting in settings where !(0...setting.limit).contains(setting.value) {
            let limit = setting.limit < 1 ? "\(setting.limit)" : "\(Int(setting.limit))"
            throw .option(name: setting.key, value: "\(setting.value)", allowed: "0 to \(limit)")
        }
    }
}
