package import Imaging

/// The values drawn for one random perspective: rotation, scale, shear, shift and perspective about the image's centre.
///
/// - Source: the reference's `random_perspective`; the order of the properties is the order of the draws.
package struct PerspectiveParameters: Hashable, Sendable {
    package var perspectiveX = 0.0
    package var perspectiveY = 0.0
    /// Degrees.
    package var angle = 0.0
    package var scale = 1.0
    /// Degrees.
    package var shearX = 0.0
    /// Degrees.
    package var shearY = 0.0
    /// Where the centre goes, as a fraction of the output's width.
    package var translateX = 0.5
    /// Where the centre goes, as a fraction of the output's height.
    package var translateY = 0.5

    package init() {}

    package init(options: AugmentationOptions, random: inout SampleRandom) {
        perspectiveX = random.uniform(-options.perspective, options.perspective)
        perspectiveY = random.uniform(-options.perspective, options.perspective)
        angle = random.uniform(-options.degrees, options.degrees)
        scale = random.uniform(1 - options.scale, 1 + options.scale)
        shearX = random.uniform(-options.shear, options.shear)
        shearY = random.uniform(-options.shear, options.shear)
        translateX = random.uniform(0.5 - options.translate, 0.5 + options.translate)
        translateY = random.uniform(0.5 - options.translate, 0.5 + options.translate)
    }

    /// The map from pixels of the source to pixels of the output: centre, perspective, rotation and scale, shear, shift.
    package func transform(sourceWidth: Int, sourceHeight: Int, outputWidth: Int, outputHeight: Int) -> Homography {
        Homography.translation(x: translateX * Double(outputWidth), y: translateY * Double(outputHeight))
            * .shear(xDegrees: shearX, yDegrees: shearY)
            * .rotation(degrees: angle, scale: scale)
            * .perspective(x: perspectiveX, y: perspectiveY)
            * .translation(x: -Double(sourceWidth) / 2, y: -Double(sourceHeight) / 2)
    }
}
