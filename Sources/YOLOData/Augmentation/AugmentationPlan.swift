/// Everything that was drawn for one training sample. What is made of it is free of chance.
package struct AugmentationPlan: Hashable, Sendable {
    package var composition: Composition
    package var hsv: HSVGains
    package var flipsVertically: Bool
    package var flipsHorizontally: Bool

    package enum Composition: Hashable, Sendable {
        /// One image, letterboxed to the square, then warped.
        case single(image: Int, PerspectiveParameters)
        case mosaic(Mosaic)
        /// Two mosaics laid over each other; `ratio` is the share of the first.
        case mixup(Mosaic, Mosaic, ratio: Double)
    }

    package struct Mosaic: Hashable, Sendable {
        package var layout: MosaicLayout
        package var perspective: PerspectiveParameters

        package init(layout: MosaicLayout, perspective: PerspectiveParameters) {
            self.layout = layout
            self.perspective = perspective
        }
    }

    package init(
        composition: Composition, hsv: HSVGains = .identity, flipsVertically: Bool = false, flipsHorizontally: Bool = false
    ) {
        self.composition = composition
        self.hsv = hsv
        self.flipsVertically = flipsVertically
        self.flipsHorizontally = flipsHorizontally
    }

    /// Draws the sample of image `index`, in the order of the reference's `__getitem__`.
    package init(
        index: Int, imageCount: Int, imageSize: Int, options: AugmentationOptions, random: inout SampleRandom
    ) {
        func mosaic(around index: Int) -> Mosaic {
            let layout = MosaicLayout(around: index, imageCount: imageCount, imageSize: imageSize, random: &random)
            return Mosaic(layout: layout, perspective: PerspectiveParameters(options: options, random: &random))
        }
        if random.chance(options.mosaic) {
            let first = mosaic(around: index)
            if random.chance(options.mixup) {
                let second = mosaic(around: random.index(below: imageCount))
                composition = .mixup(first, second, ratio: random.beta32())
            } else {
                composition = .mosaic(first)
            }
        } else {
            composition = .single(image: index, PerspectiveParameters(options: options, random: &random))
        }
        hsv = HSVGains(options: options, random: &random)
        flipsVertically = random.chance(options.verticalFlip)
        flipsHorizontally = random.chance(options.horizontalFlip)
    }
}
