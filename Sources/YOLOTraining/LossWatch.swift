import Torch
import YOLOData
import YOLOReporting

/// Finds the batch whose loss is no number any more.
///
/// A look at a loss makes the device wait for all that it was given, so the losses of some batches are read together.
struct LossWatch {
    private var unread: [(position: BatchPosition, images: [String], items: Tensor)] = []

    /// - Parameter items: `[3]`, the losses of one batch, detached.
    mutating func add(_ items: Tensor, of batch: Batch, at position: BatchPosition) {
        unread.append((position, batch.images.map(\.path), items))
    }

    /// Looks at all losses since the last time.
    /// - Throws: `Divergence` for the first batch with a loss that is NaN or infinite.
    mutating func check() throws {
        guard !unread.isEmpty else { return }
        let values = try stacked(unread.map(\.items), axis: 0).array(of: Float.self)
        for (index, (position, images, _)) in unread.enumerated() where !values[3 * index..<3 * index + 3].allSatisfy(\.isFinite) {
            throw Divergence(position: position, images: images)
        }
        unread.removeAll()
    }
}

/// A loss, or a weight, that is NaN or infinite.
struct Divergence: Error {
    /// Where it was first seen.
    let position: BatchPosition
    /// The image files of that batch.
    let images: [String]

    /// `epoch 3, batch 17 (zebra.jpg, lion.jpg, …)`
    var place: String {
        let shown = images.prefix(4).joined(separator: ", ") + (images.count > 4 ? ", … (\(images.count) images)" : "")
        return "epoch \(position.epoch.epoch), batch \(position.batch)" + (shown.isEmpty ? "" : " (\(shown))")
    }
}
