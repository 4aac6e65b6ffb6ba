import Detection
import Imaging
import YOLOData

/// A sheet with the pictures of a batch, as a training sees them, and the boxes of their labels.
///
/// Source: `plot_images` of the reference.
struct BatchSheet {
    let classNames: [String]
    /// Pictures on a sheet, at most; the first ones are shown.
    var limit = 16
    /// The longer side of the sheet, in pixels, at most.
    var largestSide = 1920

    func image(of batch: Batch) throws(ImagingError) -> Image {
        let count = min(batch.count, limit)
        let columns = max(Int(Double(count).squareRoot().rounded(.up)), 1)
        let scale = min(Double(largestSide) / Double(columns * max(batch.width, batch.height)), 1)
        let width = max(Int(Double(batch.width) * scale), 1), height = max(Int(Double(batch.height) * scale), 1)
        var pictures: [Image] = []
        for index in 0..<count {
            let picture = try batch.picture(index).resized(width: width, height: height, interpolation: .area)
            let canvas = try Canvas(picture)
            for target in batch.targets where target.image == index {
                let box = target.box.inPixels(width: Float(width), height: Float(height))
                try canvas.drawBox(
                    x1: Double(box.x1), y1: Double(box.y1), x2: Double(box.x2), y2: Double(box.y2),
                    color: .ofClass(target.classIndex), label: classNames[target.classIndex])
            }
            pictures.append(canvas.makeImage())
        }
        return try ImageGrid(columns: columns, cellWidth: width, cellHeight: height).image(of: pictures)
    }
}

extension Batch {
    /// A copy of the pixels of one picture.
    fileprivate func picture(_ index: Int) -> Image {
        let size = height * width * 3
        return withPixels { pixels in
            Image(width: width, height: height, pixels: Array(pixels[(index * size)..<(index + 1) * size]))
        }
    }
}
