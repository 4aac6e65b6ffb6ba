/// Everything that was drawn for one training sample. What is made of it is free of chance.
package struct AugmentationPlan: Hashable, Sendable {
    package var composition: Composition
    package var hsv: HSVGains
    package var flipsVertically: Bool
    package var flipsHorizontally: Bool
    /// In the order in which they are applied, before the colours change.
    package var filters: [SampleFilter]
    /// Holes in the finished picture.
    package var cutout: Cutout?

    package enum Composition: Hashable, Sendable {
        /// One image, letterboxed to the square, then warped.
        case single(image: Int, PerspectiveParameters)
        case mosaic(Mosaic)
        /// Two mosaics laid over each other; `ratio` is the share of the first.
        case mixup(Mosaic, Mosaic, ratio: Double)
    }

    package struct Mosaic: Hashable, Sendable {
        package var layout: MosaicLayout
        /// The objects that are pasted mirrored where there is room: numbers among those with an outline, image by image.
        package var pasted: [Int]
        package var perspective: PerspectiveParameters

        package init(layout: MosaicLayout, pasted: [Int] = [], perspective: PerspectiveParameters) {
            self.layout = layout
            self.pasted = pasted
            self.perspective = perspective
        }
    }

    package init(
        composition: Composition, hsv: HSVGains = .identity, flipsVertically: Bool = false, flipsHorizontally: Bool = false,
        filters: [SampleFilter] = [], cutout: Cutout? = nil
    ) {
        self.composition = composition
        self.hsv = hsv
        self.flipsVertically = flipsVertically
        self.flipsHorizontally = flipsHorizontally
        self.filters = filters
        self.cutout = cutout
    }

    /// Draws the sample of image `index`, in the order of the reference's `__getitem__`.
    ///
    /// What the reference does not draw there is drawn last, and only where it may happen: options that are off leave the
    /// numbers of the others as they are.
    /// - Parameters:
    ///   - partners: The images that a mosaic chooses from.
    ///   - width: Size of the sample in pixels; one with mosaics is square.
    ///   - outlineCount: How many objects of an image have an outline.
    package init(
        index: Int, among partners: MosaicPartners, width: Int, height: Int, options: AugmentationOptions,
        outlineCount: (Int) -> Int, random: inout SampleRandom
    ) {
        func mosaic(around index: Int) -> Mosaic {
            if options.mosaicOfNine > 0, random.chance(options.mosaicOfNine) {
                let layout = MosaicLayout.nine(around: index, among: partners, imageSize: width, random: &random)
                return Mosaic(layout: layout, perspective: PerspectiveParameters(options: options, random: &random))
            }
            let layout = MosaicLayout.four(around: index, among: partners, imageSize: width, random: &random)
            var pasted: [Int] = []
            if options.copyPaste > 0 {
                let outlines = layout.sources.reduce(0) { $0 + outlineCount($1) }
                pasted = CopyPaste.choice(of: outlines, share: options.copyPaste, random: &random)
            }
            return Mosaic(
                layout: layout, pasted: pasted, perspective: PerspectiveParameters(options: options, random: &random))
        }
        if random.chance(options.mosaic) {
            let first = mosaic(around: index)
            if random.chance(options.mixup) {
                let second = mosaic(around: random.index(below: partners.imageCount))
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
        filters = []
        if options.cutout > 0, random.chance(options.cutout) {
            cutout = Cutout(width: width, height: height, random: &random)
        }
        if options.albumentations > 0, random.chance(options.albumentations) {
            filters = SampleFilter.draw(random: &random)
        }
    }
}
