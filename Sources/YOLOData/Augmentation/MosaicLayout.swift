/// The images that a mosaic chooses its others from.
package struct MosaicPartners: Hashable, Sendable {
    let imageCount: Int
    /// Numbers of images, as often as each is wanted; nil for every image once.
    let listed: [Int]?

    package init(imageCount: Int, listed: [Int]? = nil) {
        self.imageCount = imageCount
        self.listed = listed
    }

    func draw(_ random: inout SampleRandom) -> Int {
        listed.map { $0[random.index(below: $0.count)] } ?? random.index(below: imageCount)
    }
}

/// Which images make a mosaic and where they lie on its canvas, which is twice the training size either way.
///
/// What does not fit on the canvas is cut off.
/// - Source: the mosaic of YOLOv4 (Bochkovskiy et al., 2020, section 3.3) as in the reference's `load_mosaic` and
///   `load_mosaic9`.
package struct MosaicLayout: Hashable, Sendable {
    package enum Arrangement: Hashable, Sendable {
        /// Four images that meet at a point of the canvas, in pixels.
        case four(centerX: Int, centerY: Int)
        /// One image and eight around it on a larger canvas, of which a window is cut out; its corner in pixels.
        case nine(left: Int, top: Int)

        var imageCount: Int {
            switch self {
            case .four: 4
            case .nine: 9
            }
        }
    }

    package var arrangement: Arrangement
    /// Image numbers. Of four: top left, top right, bottom left, bottom right. Of nine: the middle, then clockwise from the
    /// top; later images cover earlier ones.
    package var sources: [Int]

    package init(_ arrangement: Arrangement, sources: [Int]) {
        precondition(sources.count == arrangement.imageCount, "a mosaic has four or nine images")
        self.arrangement = arrangement
        self.sources = sources
    }

    /// A random mosaic of four around image `index`: its place and the other three images are drawn.
    static func four(around index: Int, among partners: MosaicPartners, imageSize: Int, random: inout SampleRandom) -> MosaicLayout {
        let low = Double((imageSize + 1) / 2)
        let high = Double(2 * imageSize) - low
        let centerY = Int(random.uniform(low, high))
        let centerX = Int(random.uniform(low, high))
        let sources = sources(4, around: index, among: partners, random: &random)
        return MosaicLayout(.four(centerX: centerX, centerY: centerY), sources: sources)
    }

    /// A random mosaic of nine with image `index`: its place, the other eight images and the window are drawn.
    static func nine(around index: Int, among partners: MosaicPartners, imageSize: Int, random: inout SampleRandom) -> MosaicLayout {
        let sources = sources(9, around: index, among: partners, random: &random)
        let top = Int(random.uniform(0, Double(imageSize)))
        let left = Int(random.uniform(0, Double(imageSize)))
        return MosaicLayout(.nine(left: left, top: top), sources: sources)
    }

    private static func sources(
        _ count: Int, around index: Int, among partners: MosaicPartners, random: inout SampleRandom
    ) -> [Int] {
        var sources = [index]
        for _ in 1..<count { sources.append(partners.draw(&random)) }
        random.shuffle(&sources)
        return sources
    }

    /// The top left corners on the canvas of all images, which have these sizes in pixels. They may lie outside of it.
    ///
    /// - Parameter imageSize: The training size, which no image exceeds.
    package func corners(of sizes: [(width: Int, height: Int)], imageSize: Int) -> [(x: Int, y: Int)] {
        precondition(sizes.count == sources.count, "each image has a size")
        switch arrangement {
        case .four(let x, let y):
            return [
                (x - sizes[0].width, y - sizes[0].height), (x, y - sizes[1].height), (x - sizes[2].width, y), (x, y),
            ]
        case .nine(let left, let top):
            return Self.ring(sizes, around: imageSize).map { ($0.x - left, $0.y - top) }
        }
    }

    /// The middle image has its corner at (`origin`, `origin`). Each one around it goes by the size of the one before.
    private static func ring(_ sizes: [(width: Int, height: Int)], around origin: Int) -> [(x: Int, y: Int)] {
        let right = origin + sizes[0].width
        let bottom = origin + sizes[0].height
        return [
            (origin, origin),
            (origin, origin - sizes[1].height),
            (origin + sizes[1].width, origin - sizes[2].height),
            (right, origin),
            (right, origin + sizes[3].height),
            (right - sizes[5].width, bottom),
            (right - sizes[5].width - sizes[6].width, bottom),
            (origin - sizes[7].width, bottom - sizes[7].height),
            (origin - sizes[8].width, bottom - sizes[7].height - sizes[8].height),
        ]
    }
}
