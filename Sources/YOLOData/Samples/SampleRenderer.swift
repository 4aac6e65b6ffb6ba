import Detection
package import Imaging

/// Draws training samples from their plans.
package struct SampleRenderer: Sendable {
    private let store: ImageStore

    package init(store: ImageStore) { self.store = store }

    /// Draws a sample on a view of the training size, every pixel of it.
    ///
    /// - Returns: The labels of what can be seen; and for each image that could not be decoded, the reason.
    package func render(
        _ plan: AugmentationPlan, on view: ImageView
    ) throws(DataError) -> (labels: [BoxLabel], damage: [DataError]) {
        precondition(view.width == store.imageSize && view.height == store.imageSize, "a sample has the training size")
        var drawn: Drawn
        switch plan.composition {
        case .single(let image, let perspective):
            drawn = try draw(single: image, perspective, plan, on: view)
        case .mosaic(let mosaic):
            drawn = try draw(mosaic, plan, on: view)
        case .mixup(let first, let second, let ratio):
            drawn = try draw(first, plan, on: view)
            var others = Drawn()
            let other = try Image(width: view.width, height: view.height) { other throws(DataError) in
                others = try draw(second, plan, on: other)
            }
            other.withView { Mixup.blend(view, with: $0, ratio: ratio) }
            drawn.objects += others.objects
            drawn.damage += others.damage
        }
        if plan.hsv != .identity { plan.hsv.adjustment.apply(to: view) }
        let labels = drawn.objects.map { object in
            // The pictures were flipped when they were drawn.
            var label = object.label(width: view.width, height: view.height)
            if plan.flipsVertically { label.box.centerY = 1 - label.box.centerY }
            if plan.flipsHorizontally { label.box.centerX = 1 - label.box.centerX }
            return label
        }
        return (labels, drawn.damage)
    }

    /// The objects that can be seen on a picture, and why some images are not on it.
    private struct Drawn {
        var objects: [PlacedObject] = []
        var damage: [DataError] = []
    }

    /// One image, letterboxed and warped. Outlines are left aside here, as in the reference.
    private func draw(
        single index: Int, _ perspective: PerspectiveParameters, _ plan: AugmentationPlan, on view: ImageView
    ) throws(DataError) -> Drawn {
        let loaded = try store.load(index)
        var image = loaded.image
        let (width, height) = (image.width, image.height)
        let letterbox = Letterbox(width: width, height: height, into: (view.width, view.height))
        if (letterbox.resizedWidth, letterbox.resizedHeight) != (width, height) {
            do throws(ImagingError) {
                image = try image.resized(
                    width: letterbox.resizedWidth, height: letterbox.resizedHeight, interpolation: .linear)
            } catch {
                throw .image(error)
            }
        }
        let warp = Warp(canvasSize: view.width, perspective: perspective, plan: plan, output: view)
        image.withView { warp.render([.init(view: $0, x: letterbox.left, y: letterbox.top)]) }
        if let damage = loaded.damage { return Drawn(damage: [damage]) }
        return Drawn(objects: warp.objects(
            store.labeled.images[index].objects.map { $0.placed(in: letterbox, imageWidth: width, imageHeight: height) }))
    }

    private func draw(
        _ mosaic: AugmentationPlan.Mosaic, _ plan: AugmentationPlan, on view: ImageView
    ) throws(DataError) -> Drawn {
        let canvasSize = 2 * view.width
        let warp = Warp(canvasSize: canvasSize, perspective: mosaic.perspective, plan: plan, output: view)
        var drawn = Drawn()
        let inSight = warp.canvasInSight
        var tiles: [(image: StoredImage, x: Int, y: Int)] = []
        for (position, index) in mosaic.layout.sources.enumerated() {
            let (width, height) = store.size(index)
            let corner = mosaic.layout.corner(position, width: width, height: height)
            // Decoding is most of the work, and few images are seen whole, some not at all.
            let part = inSight.moved(x: -corner.x, y: -corner.y).intersection(PixelRect(width: width, height: height))
            if !part.isEmpty {
                let image = try store.load(index, part: part)
                tiles.append((image, corner.x + image.place.x0, corner.y + image.place.y0))
                if let damage = image.damage {
                    drawn.damage.append(damage)
                    continue
                }
            }
            for object in store.labeled.images[index].objects {
                let placed = object.placed(
                    width: Float(width), height: Float(height), left: Float(corner.x), top: Float(corner.y))
                drawn.objects.append(placed.clipped(toSide: Float(canvasSize)))
            }
        }
        Self.withViews(of: tiles[...]) { warp.render($0) }
        drawn.objects = warp.objects(drawn.objects)
        return drawn
    }

    /// Lends all images at once.
    private static func withViews(
        of tiles: ArraySlice<(image: StoredImage, x: Int, y: Int)>, lent: [MosaicWarp.Tile] = [], _ body: ([MosaicWarp.Tile]) -> Void
    ) {
        guard let tile = tiles.first else { return body(lent) }
        tile.image.withView { view in
            withViews(of: tiles.dropFirst(), lent: lent + [.init(view: view, x: tile.x, y: tile.y)], body)
        }
    }
}

/// A random perspective from a square canvas onto the picture, with the flips of the plan.
private struct Warp {
    private let transform: Homography
    private let scale: Double
    private let pixels: MosaicWarp
    private let output: ImageView

    init(canvasSize: Int, perspective: PerspectiveParameters, plan: AugmentationPlan, output: ImageView) {
        transform = perspective.transform(
            sourceWidth: canvasSize, sourceHeight: canvasSize, outputWidth: output.width, outputHeight: output.height)
        scale = perspective.scale
        pixels = MosaicWarp(
            canvasWidth: canvasSize, canvasHeight: canvasSize, transform: transform, background: Letterbox.gray,
            isMirrored: plan.flipsHorizontally, isUpsideDown: plan.flipsVertically)
        self.output = output
    }

    func render(_ tiles: [MosaicWarp.Tile]) { pixels.render(tiles, into: output) }

    /// The objects that can be seen, before any flip.
    func objects(_ placed: [PlacedObject]) -> [PlacedObject] {
        ObjectWarp(transform: transform, scale: scale, width: output.width, height: output.height)(placed)
    }

    /// The pixels of the canvas that may be seen.
    var canvasInSight: PixelRect { pixels.partInSight(width: output.width, height: output.height) }
}
