import Torch
import YOLOData
import YOLOReporting

/// Finds the batch whose loss is no number any more.
///
/// A look at a loss makes the device wait for all that it was given, so the losses of some batches are read together.
struct LossWatch {
    private var unread: [(position: BatchPosition, images: [String], items: Tensor)] = []
    /// The batch that came last.
    private var latest: (position: BatchPosition, images: [String])?

    /// - Parameter items: `[3]`, the losses of one batch, detached.
    mutating func add(_ items: Tensor, of batch: Batch, at position: BatchPosition) {
        let images = batch.images.map(\.path)
        unread.append((position, images, items))
        latest = (position, images)
    }

    /// Looks at all losses since the last time.
    /// - Throws: `Divergence` for the first batch with a loss that is NaN or infinite.
    mutating func check() throws {
        guard !unread.isEmpty else { return }
        let values = try stacked(unread.map(\.items), axis: 0).array(of: Float.self)
        for (index, (position, images, _)) in unread.enumerated() where !values[3 * index..<3 * index + 3].allSatisfy(\.isFinite) {
            throw Divergence(subject: "loss", position: position, images: images)
        }
        unread.removeAll()
    }

    /// What to say of weights that are NaN or infinite at the end of an epoch.
    func divergenceOfWeights(in epoch: EpochPosition) -> Divergence {
        Divergence(
            subject: "weights", position: latest?.position ?? BatchPosition(batch: epoch.batches - 1, epoch: epoch), images: latest?.images ?? [])
    }
}

/// A loss, or a weight, that is NaN or infinite.
struct Divergence: Error {
    /// `loss` or `weights`.
    let subject: String
    /// Where it was first seen.
    let position: BatchPosition
    /// The image files of that batch.
    let images: [String]

    /// `loss became NaN or infinite in epoch 3, batch 17 (zebra.jpg, lion.jpg, …)`
    var description: String { "\(subject) became NaN or infinite in \(place)" }

    private var place: String {
        let shown = images.prefix(4).joined(separator: ", ") + (images.count > 4 ? ", … (\(images.count) images)" : "")
        return "epoch \(position.epoch.epoch), batch \(position.batch)" + (shown.isEmpty ? "" : " (\(shown))")
    }
}
