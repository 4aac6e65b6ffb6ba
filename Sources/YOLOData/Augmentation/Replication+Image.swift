public import Detection
public import Imaging

/// The copy of an object in a picture.
public struct ReplicatedObject: Hashable, Sendable {
    /// Which of the objects is copied, as an index.
    public let original: Int
    /// Where the copy lies, in pixels.
    public let box: Box
}

extension Image {
    /// A copy of this picture in which the smaller half of its objects appears twice: the pixels of their boxes are copied to random
    /// places, smallest first, over whatever is there.
    ///
    ///     let (image, copies) = picture.replicatingObjects(in: labels.map(\.box), seed: 7)
    ///     let all = labels + copies.map { Label(class: labels[$0.original].class, box: $0.box) }
    ///
    /// - Parameters:
    ///   - boxes: Of the objects, in pixels. One that reaches out of the picture is cut off; one that is no box (a side that is negative
    ///     or no number) is not counted.
    ///   - seed: The same seed gives the same places.
    /// - Source: the reference's `replicate`.
    public func replicatingObjects(in boxes: [Box], seed: UInt64) -> (image: Image, copies: [ReplicatedObject]) {
        let counted = boxes.indices.filter { boxes[$0].isFinite && boxes[$0].width >= 0 && boxes[$0].height >= 0 }
        let objects = counted.map { PlacedObject(classIndex: $0, box: boxes[$0]) }
        var random = SampleRandom(seed: seed, epoch: 0, index: 0, stream: .augmentation)
        let replication = Replication(of: objects, width: width, height: height, random: &random)
        var image = self
        let all = image.withMutableView { replication.apply(to: $0, objects) }
        let copies = all.dropFirst(objects.count).map { ReplicatedObject(original: $0.classIndex, box: $0.box) }
        return (image, copies)
    }
}
