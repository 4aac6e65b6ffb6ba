/// How the images of an epoch are put into batches (`--rect`, `--quad`).
public enum BatchShape: Hashable, Sendable {
    /// Square pictures in a new order each epoch.
    case square
    /// Pictures as wide and as high as those in the batch need, in multiples of the model's stride (pixels). The batches are
    /// the same in every epoch, in a new order; there are no mosaics.
    case rectangular(stride: Int)
    /// A quarter as many pictures of twice the size, each of one sample or of four.
    case quad
}

/// Which images make up the batches of an epoch; depends on the seed and the epoch alone.
struct TrainingOrder: Sendable {
    let imageCount: Int
    /// Side of a sample in pixels.
    let imageSize: Int
    /// Images a batch.
    let batchSize: Int
    let seed: UInt64
    let isQuad: Bool

    /// All images, shuffled.
    func batches(epoch: Int) -> [BatchPlan] {
        var random = SampleRandom(seed: seed, epoch: epoch, index: 0, stream: .order)
        return batches(of: random.permutation(of: imageCount).map { SampleKey($0) }, epoch: epoch)
    }

    /// As many images as there are, each drawn with a probability that is proportional to its weight, with replacement.
    ///
    /// - Source: the reference's `--image-weights`.
    func batches(epoch: Int, imageWeights: [Double]) -> [BatchPlan] {
        precondition(imageWeights.count == imageCount, "every image has a weight")
        var random = SampleRandom(seed: seed, epoch: epoch, index: 0, stream: .order)
        var sums: [Double] = []
        sums.reserveCapacity(imageCount)
        var total = 0.0
        for weight in imageWeights {
            total += weight
            sums.append(total)
        }
        // Weights of zero (no class has anything left to learn) leave nothing to choose by.
        guard total > 0, total.isFinite else { return batches(epoch: epoch) }
        var repetitions = [Int](repeating: 0, count: imageCount)
        let indices = (0..<imageCount).map { _ in sums.firstPlace(above: random.uniform(0, total)) }
        // Mosaics, too, show the images that count more often.
        let samples = indices.map { index in
            defer { repetitions[index] += 1 }
            return SampleKey(index, repetition: repetitions[index], partners: indices)
        }
        return batches(of: samples, epoch: epoch)
    }

    private func batches(of order: [SampleKey], epoch: Int) -> [BatchPlan] {
        var random = SampleRandom(seed: seed, epoch: epoch, index: 1, stream: .order)
        return stride(from: 0, to: order.count, by: batchSize).map { start in
            let samples = Array(order[start..<min(start + batchSize, order.count)])
            guard isQuad else {
                return BatchPlan(pictures: samples.map(Picture.sample), width: imageSize, height: imageSize)
            }
            return BatchPlan(
                pictures: Self.quads(of: samples, random: &random), width: 2 * imageSize, height: 2 * imageSize,
                sampleCount: samples.count)
        }
    }

    /// Of every four samples, with even chances the first one enlarged or all of them. Up to three that are left over are
    /// enlarged; the reference drops them.
    private static func quads(of samples: [SampleKey], random: inout SampleRandom) -> [Picture] {
        let wholeCount = samples.count / 4 * 4
        var pictures = stride(from: 0, to: wholeCount, by: 4).map { start in
            random.chance(0.5) ? Picture.enlarged(samples[start]) : .four(Array(samples[start..<start + 4]))
        }
        pictures += samples[wholeCount...].map(Picture.enlarged)
        return pictures
    }
}

extension [Double] {
    /// The first place of these rising sums that holds more than `value`.
    fileprivate func firstPlace(above value: Double) -> Int {
        var (low, high) = (0, count - 1)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] > value { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
