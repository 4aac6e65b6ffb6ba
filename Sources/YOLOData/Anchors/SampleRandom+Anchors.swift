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
}
