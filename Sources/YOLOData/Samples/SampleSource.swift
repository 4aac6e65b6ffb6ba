import Detection
package import Imaging

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

/// A data set as the loader sees it. All calls depend on their arguments alone, so that any thread may make any sample.
package protocol SampleSource: Sendable {
    /// Batches in every epoch, at least one.
    var batchCount: Int { get }

    /// The batches of an epoch, in order.
    func batches(epoch: Int) -> [BatchPlan]

    /// Draws a sample as epoch `epoch` sees it on a view of its size, every pixel of it.
    func draw(_ sample: SampleKey, epoch: Int, on view: ImageView) throws(DataError) -> Sample
}

extension SampleSource {
    /// Draws the first sample of image `index`.
    package func draw(_ index: Int, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        try draw(SampleKey(index), epoch: epoch, on: view)
    }

    /// Draws a picture of a batch on a view of its size, every pixel of it.
    func draw(_ picture: Picture, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        switch picture {
        case .sample(let key): try draw(key, epoch: epoch, on: view)
        case .enlarged(let key): try drawEnlarged(key, epoch: epoch, on: view)
        case .four(let keys): try drawFour(keys, epoch: epoch, on: view)
        }
    }

    /// The sample at twice its size; labels are fractions and stay.
    private func drawEnlarged(_ key: SampleKey, epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        var sample: Sample?
        let small = try Image(width: view.width / 2, height: view.height / 2) { view throws(DataError) in
            sample = try draw(key, epoch: epoch, on: view)
        }
        do throws(ImagingError) {
            try small.withView { source throws(ImagingError) in try source.resize(into: view, interpolation: .linear) }
        } catch {
            throw .image(error)
        }
        guard let sample else { preconditionFailure("the image was drawn") }
        return sample
    }

    /// Four samples side by side, each drawn at its place.
    ///
    /// - Source: the reference's `collate_fn4`.
    private func drawFour(_ keys: [SampleKey], epoch: Int, on view: ImageView) throws(DataError) -> Sample {
        let (width, height) = (view.width / 2, view.height / 2)
        var joined: Sample?
        for (place, key) in keys.enumerated() {
            let (column, row) = (place / 2, place % 2)
            let part = view.part(x: column * width, y: row * height, width: width, height: height)
            var sample = try draw(key, epoch: epoch, on: part)
            for label in sample.labels.indices {
                let box = sample.labels[label].box
                sample.labels[label].box.centerX = (box.centerX + Float(column)) / 2
                sample.labels[label].box.centerY = (box.centerY + Float(row)) / 2
                sample.labels[label].box.width = box.width / 2
                sample.labels[label].box.height = box.height / 2
            }
            if joined == nil {
                joined = sample
            } else {
                joined?.labels += sample.labels
                joined?.warnings += sample.warnings
            }
        }
        guard let joined else { preconditionFailure("four samples were drawn") }
        return joined
    }
}
