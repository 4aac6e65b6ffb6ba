import Foundation

extension SampleRandom {
    /// What random numbers of the anchors' stream are drawn for; each has numbers of its own.
    enum AnchorStage: Int {
        /// How large augmentation shows an image; by image.
        case imageScale
        /// Labels that a search begins with.
        case labelSample
        /// Where k-means begins; by start.
        case clusterStart
        /// Anchors for which there are no labels of their own.
        case filling
        /// Changes of the anchors; by generation and line.
        case evolution
    }

    init(_ stage: AnchorStage, index: Int = 0, seed: UInt64) {
        self.init(seed: seed, epoch: stage.rawValue, index: index, stream: .anchors)
    }

    /// A number of the normal distribution of mean 0 and deviation 1, after Box and Muller.
    mutating func standardNormal() -> Double {
        let radius = (-2 * log(1 - uniform(0, 1))).squareRoot()
        return radius * cos(2 * .pi * uniform(0, 1))
    }
}
