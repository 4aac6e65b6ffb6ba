import Detection
import Dispatch
import Downloads
import Foundation
import Imaging
import PrintableText

/// Sheets of validation images, one with their labels and one with what was found: plain values in, pictures out.
///
/// Source: `plot_images` of the reference.
struct ValidationPictures: Sendable {
    /// By class index.
    let classNames: [String]
    /// The images of each batch that gets a pair of sheets.
    let batches: [[ExaminedImage]]

    /// Objects of less confidence are left out: a validation keeps hundreds of them an image.
    private static let confidenceThreshold: Float = 0.25
    /// The longer side of a picture on the sheet, in pixels.
    private static let pictureSize = 480

    /// Draws `val_batch0_labels.jpg`, `val_batch0_pred.jpg` and so on into a folder.
    /// - Returns: the files written.
    func draw(in folder: URL) throws(ImagingError) -> [URL] {
        var files: [URL] = []
        for (index, images) in batches.enumerated() where !images.isEmpty {
            let tiles = try tiles(of: images)
            for (name, pictures) in [("labels", tiles.map(\.labels)), ("pred", tiles.map(\.objects))] {
                let file = folder.appendingPathComponent("val_batch\(index)_\(name).jpg")
                let height = pictures.map(\.height).max() ?? Self.pictureSize
                let columns = Int(Double(pictures.count).squareRoot().rounded(.up))
                let grid = ImageGrid(columns: columns, cellWidth: Self.pictureSize, cellHeight: height)
                try ImageFile.write(grid.image(of: pictures), to: file.path)
                files.append(file)
            }
        }
        return files
    }

    // MARK: Tiles

    /// An image twice: with its labels, and with what was found.
    private struct Tile {
        let labels, objects: Image
    }

    /// On all cores.
    private func tiles(of images: [ExaminedImage]) throws(ImagingError) -> [Tile] {
        let results = [Result<Tile, ImagingError>](unsafeUninitializedCapacity: images.count) { places, count in
            // Each iteration initializes a place of its own.
            nonisolated(unsafe) let places = places
            DispatchQueue.concurrentPerform(iterations: images.count) { index in
                places.initializeElement(at: index, to: Result { () throws(ImagingError) in try tile(of: images[index]) })
            }
            count = images.count
        }
        var tiles: [Tile] = []
        for result in results { tiles.append(try result.get()) }
        return tiles
    }

    private func tile(of image: ExaminedImage) throws(ImagingError) -> Tile {
        let scale = Double(Self.pictureSize) / Double(max(image.width, image.height, 1))
        let picture = try picture(of: image, scale: scale)
        let labels = image.labels.map { CaptionedBox(box: $0.box, classIndex: $0.classIndex, caption: name($0.classIndex)) }
        let objects = image.objects.filter { $0.confidence > Self.confidenceThreshold }.map { object in
            CaptionedBox(
                box: object.box, classIndex: object.classIndex,
                caption: "\(name(object.classIndex)) \(String(format: "%.1f", object.confidence))")
        }
        return Tile(
            labels: try drawn(labels, on: picture, scale: scale, title: image.path.lastPart),
            objects: try drawn(objects, on: picture, scale: scale, title: image.path.lastPart))
    }

    /// The image at the size of the sheet's pictures; plain gray if it cannot be decoded, as in the validation.
    private func picture(of image: ExaminedImage, scale: Double) throws(ImagingError) -> Image {
        let width = max(1, Int(Double(image.width) * scale)), height = max(1, Int(Double(image.height) * scale))
        guard let original = try? ImageFile.decode(image.path) else {
            return Image(width: width, height: height, filledWith: Color(gray: 114))
        }
        return try original.resized(width: width, height: height, interpolation: scale < 1 ? .area : .linear)
    }

    // MARK: Boxes

    private struct CaptionedBox {
        let box: Box
        let classIndex: Int
        let caption: String
    }

    /// - Parameters:
    ///   - boxes: in pixels of the file.
    ///   - scale: pixels of the picture for one of the file.
    private func drawn(_ boxes: [CaptionedBox], on picture: Image, scale: Double, title: String) throws(ImagingError) -> Image {
        let canvas = try Canvas(picture)
        for box in boxes {
            try canvas.drawBox(
                x1: Double(box.box.x1) * scale, y1: Double(box.box.y1) * scale, x2: Double(box.box.x2) * scale,
                y2: Double(box.box.y2) * scale, color: .ofClass(box.classIndex), label: box.caption)
        }
        // White with a shadow can be read on any image.
        for (offset, gray) in [(6.0, UInt8(0)), (5.0, UInt8(240))] {
            canvas.drawText(title.printable(longest: 40), x: offset, y: offset, size: 11, color: Color(gray: gray))
        }
        return canvas.makeImage()
    }

    private func name(_ classIndex: Int) -> String { classNames[classIndex] }
}
