/// Names one sample of an epoch.
package struct SampleKey: Hashable, Sendable {
    /// The number of the image.
    package var index: Int
    /// How often the image has been drawn before in the epoch: it is augmented in another way each time.
    package var repetition: Int
    /// The images that its mosaic chooses from, as many as there are; nil for all images.
    package var partners: [Int]?

    package init(_ index: Int, repetition: Int = 0, partners: [Int]? = nil) {
        self.index = index
        self.repetition = repetition
        self.partners = partners
    }
}

/// What one picture of a batch shows.
package enum Picture: Hashable, Sendable {
    case sample(SampleKey)
    /// A sample at twice its size (`--quad`).
    case enlarged(SampleKey)
    /// Four samples: top left, bottom left, top right, bottom right (`--quad`).
    case four([SampleKey])

    package var samples: [SampleKey] {
        switch self {
        case .sample(let sample), .enlarged(let sample): [sample]
        case .four(let samples): samples
        }
    }
}

/// What goes into one batch.
package struct BatchPlan: Hashable, Sendable {
    package var pictures: [Picture]
    /// Size of the pictures in pixels.
    package var width: Int
    package var height: Int
    /// Images of the epoch's order that the batch takes up: of four samples, a picture may show one enlarged (`--quad`).
    package var sampleCount: Int

    /// - Parameter sampleCount: One a picture, if not given.
    package init(pictures: [Picture], width: Int, height: Int, sampleCount: Int? = nil) {
        self.pictures = pictures
        self.width = width
        self.height = height
        self.sampleCount = sampleCount ?? pictures.count
    }

    /// A picture for each image.
    package init(indices: [Int], width: Int, height: Int) {
        self.init(pictures: indices.map { .sample(SampleKey($0)) }, width: width, height: height)
    }

    /// The numbers of all images, in order.
    package var indices: [Int] { pictures.flatMap { $0.samples.map(\.index) } }

    /// Of all pictures, RGB with 8 bits.
    package var byteCount: Int { pictures.count * width * height * 3 }
}
