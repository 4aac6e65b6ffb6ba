import Detection
import Foundation
import Imaging

/// Sheets of validation images, one with their labels and one with what was found.
///
/// Source: `plot_images` of the reference.
struct ValidationPictures {
    let classNames: [String]

    /// Objects of less confidence are left out: a validation keeps hundreds of them an image.
    private static let confidenceThreshold: Float = 0.25
    /// The longer side of a picture on the sheet, in pixels.
    private static let pictureSize = 480

    /// Draws `val_batch0_labels.jpg` and `val_batch0_pred.jpg` into a folder.
    /// - Returns: the files written.
    func draw(_ images: [ExaminedImage], in folder: URL) throws(ImagingError) -> [URL] {
        let sheets: [(name: String, boxes: (ExaminedImage) -> [CaptionedBox])] = [
            ("val_batch0_labels.jpg", { $0.labels.map { CaptionedBox($0.box, $0.classIndex, name($0.classIndex)) } }),
            ("val_batch0_pred.jpg", { $0.objects.filter { $0.confidence > Self.confidenceThreshold }.map(captioned) }),
        ]
        var files: [URL] = []
        for sheet in sheets {
            var pictures: [Image] = []
            for image in images { pictures.append(try picture(of: image.path, sheet.boxes(image))) }
            let file = folder.appendingPathComponent(sheet.name)
            let height = pictures.map(\.height).max() ?? Self.pictureSize
            let grid = ImageGrid(columns: 4, cellWidth: Self.pictureSize, cellHeight: height)
            try ImageFile.write(grid.image(of: pictures), to: file.path)
            files.append(file)
        }
        return files
    }

    private struct CaptionedBox {
        let box: Box
        let classIndex: Int
        let caption: String

        init(_ box: Box, _ classIndex: Int, _ caption: String) {
            self.box = box
            self.classIndex = classIndex
            self.caption = caption
        }
    }

    private func captioned(_ object: DetectedObject) -> CaptionedBox {
        let confidence = String(format: "%.1f", object.confidence)
        return CaptionedBox(object.box, object.classIndex, "\(name(object.classIndex)) \(confidence)")
    }

    private func name(_ classIndex: Int) -> String { classNames[classIndex] }

    /// An image at the size of the sheet's pictures, with boxes given in pixels of the file.
    private func picture(of path: String, _ boxes: [CaptionedBox]) throws(ImagingError) -> Image {
        let original = try ImageFile.decode(path)
        let scale = Double(Self.pictureSize) / Double(max(original.width, original.height))
        let width = max(1, Int(Double(original.width) * scale)), height = max(1, Int(Double(original.height) * scale))
        let canvas = try Canvas(original.resized(width: width, height: height, interpolation: scale < 1 ? .area : .linear))
        for box in boxes {
            try canvas.drawBox(
                x1: Double(box.box.x1) * scale, y1: Double(box.box.y1) * scale, x2: Double(box.box.x2) * scale,
                y2: Double(box.box.y2) * scale, color: .ofClass(box.classIndex), label: box.caption)
        }
        return canvas.makeImage()
    }
}
