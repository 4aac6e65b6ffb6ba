import Detection
package import Imaging

/// Copies the smaller half of the objects of a picture, with the pixels of their boxes, to random places.
///
/// Like the reference, no sample of ours is made so; it is here for programs that make their own, as `Image.replicatingObjects`.
///
///     let replication = Replication(of: objects, width: view.width, height: view.height, random: &random)
///     let all = replication.apply(to: view, objects)
///
/// - Source: the reference's `replicate`.
package struct Replication: Hashable, Sendable {
    package struct Copy: Hashable, Sendable {
        /// Which of the objects is copied.
        package var original: Int
        /// Its pixels.
        package var source: PixelRect
        /// The top left pixel of the copy.
        package var x, y: Int
    }

    /// In the order of copying, smallest first.
    package private(set) var copies: [Copy] = []

    /// Draws the places in a picture of `width` by `height` pixels; boxes are in its pixels.
    package init(of objects: [PlacedObject], width: Int, height: Int, random: inout SampleRandom) {
        let picture = PixelRect(width: width, height: height)
        let places = objects.map { PixelRect($0.box, in: picture) }
        // A stable order: of objects of one size the first come first.
        let order = places.indices.sorted { a, b in
            (places[a].width + places[a].height, a) < (places[b].width + places[b].height, b)
        }
        let count = Int((Double(objects.count) / 2).rounded(.toNearestOrEven))
        for original in order.prefix(count) {
            let source = places[original]
            let y = Int(random.uniform(0, Double(height - source.height)))
            let x = Int(random.uniform(0, Double(width - source.width)))
            copies.append(Copy(original: original, source: source, x: x, y: y))
        }
    }

    /// Copies the pixels.
    ///
    /// - Returns: The objects, and after them the copies. These have no outline: what was copied is a box.
    package func apply(to view: ImageView, _ objects: [PlacedObject]) -> [PlacedObject] {
        objects + copies.map { copy in
            let source = copy.source
            if !source.isEmpty {
                // Through a picture of its own: both places may overlap.
                let pixels = Image(width: source.width, height: source.height) { pixels in
                    view.part(x: source.x0, y: source.y0, width: source.width, height: source.height).copy(into: pixels)
                }
                pixels.withView {
                    $0.copy(into: view.part(x: copy.x, y: copy.y, width: source.width, height: source.height))
                }
            }
            let box = Box(
                x1: Float(copy.x), y1: Float(copy.y), x2: Float(copy.x + source.width), y2: Float(copy.y + source.height))
            return PlacedObject(classIndex: objects[copy.original].classIndex, box: box)
        }
    }
}

extension PixelRect {
    /// The whole pixels of a box inside a picture, its fractions dropped.
    fileprivate init(_ box: Box, in picture: PixelRect) {
        let inside = box.clipped(toWidth: Float(picture.x1), height: Float(picture.y1))
        self.init(x0: Int(inside.x1), y0: Int(inside.y1), x1: Int(inside.x2), y1: Int(inside.y2))
    }
}
