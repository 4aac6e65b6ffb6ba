package import Imaging

/// What goes into one batch.
package struct BatchPlan: Hashable, Sendable {
    /// Image numbers, in order.
    package var indices: [Int]
    /// Size of the pictures in pixels.
    package var width: Int
    package var height: Int

    /// Of all pictures, RGB with 8 bits.
    package var byteCount: Int { indices.count * width * height * 3 }

    package init(indices: [Int], width: Int, height: Int) {
        self.indices = indices
        self.width = width
        self.height = height
    }
}

/// A picture that has been drawn: where it comes from, its labels, and what the user should know about it.
package struct Sample: Hashable, Sendable {
    package var source: BatchImage
    package var labels: [BoxLabel]
    /// A sentence for each image that could not be shown.
    package var warnings: [String]

    package init(source: BatchImage, labels: [BoxLabel], warnings: [String] = []) {
        self.source = source
        self.labels = labels
        self.warnings = warnings
    }
}

/// A data set as the loader sees it. Both calls depend on their arguments alone, so that any thread may make any sample.
package protocol SampleSource: Sendable {
    /// Batches in every epoch, at least one.
    var batchCount: Int { get }

    /// The batches of an epoch, in order.
    func batches(epoch: Int) -> [BatchPlan]

    /// Draws image `index` as epoch `epoch` sees it on a view of its batch's size, every pixel of it.
    func draw(_ index: Int, epoch: Int, on view: ImageView) throws(DataError) -> Sample
}
