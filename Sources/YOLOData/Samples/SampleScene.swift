import Detection
import Imaging

/// What is seen of one image or one mosaic through its random perspective: pixels that are ready to be drawn, and labels.
struct SampleScene {
    let warp: MosaicWarp
    /// Later tiles cover earlier ones.
    private(set) var tiles: [Tile]
    /// The objects that can be seen, boxes in pixels of the picture before any flip.
    private(set) var objects: [PlacedObject]
    /// Why some images are plain gray.
    private(set) var damage: [DataError]

    struct Tile {
        var image: StoredImage
        /// The top left corner on the canvas.
        var x, y: Int

        init(_ image: StoredImage, x: Int, y: Int) { (self.image, self.x, self.y) = (image, x, y) }

        init(_ image: Image, x: Int, y: Int) {
            self.init(StoredImage(image, place: PixelRect(width: image.width, height: image.height)), x: x, y: y)
        }
    }

    /// Lends the tiles of all scenes at once.
    static func withTiles(of scenes: [SampleScene], _ body: ([[MosaicWarp.Tile]]) -> Void) {
        func lend(_ rest: ArraySlice<SampleScene>, _ lent: [[MosaicWarp.Tile]]) {
            guard let scene = rest.first else { return body(lent) }
            withViews(of: scene.tiles[...]) { lend(rest.dropFirst(), lent + [$0]) }
        }
        lend(scenes[...], [])
    }

    private static func withViews<Value, Failure: Error>(
        of tiles: ArraySlice<Tile>, lent: [MosaicWarp.Tile] = [], _ body: ([MosaicWarp.Tile]) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        guard let tile = tiles.first else { return try body(lent) }
        return try tile.image.withView { view throws(Failure) in
            try withViews(of: tiles.dropFirst(), lent: lent + [.init(view: view, x: tile.x, y: tile.y)], body)
        }
    }
}

// MARK: One image

extension SampleScene {
    /// One image, letterboxed to the size of the picture in pixels. Outlines are left aside here, as in the reference.
    init(
        single index: Int, _ perspective: PerspectiveParameters, _ plan: AugmentationPlan, width pictureWidth: Int,
        height pictureHeight: Int, from store: ImageStore
    ) throws(DataError) {
        let loaded = try store.load(index)
        var image = loaded.image
        let (width, height) = (image.width, image.height)
        let letterbox = Letterbox(width: width, height: height, into: (pictureWidth, pictureHeight))
        if (letterbox.resizedWidth, letterbox.resizedHeight) != (width, height) {
            do throws(ImagingError) {
                image = try image.resized(
                    width: letterbox.resizedWidth, height: letterbox.resizedHeight, interpolation: .linear)
            } catch {
                throw .image(error)
            }
        }
        warp = MosaicWarp(
            from: (pictureWidth, pictureHeight), to: (pictureWidth, pictureHeight), perspective, plan)
        tiles = [Tile(image, x: letterbox.left, y: letterbox.top)]
        damage = loaded.damage.map { [$0] } ?? []
        let placed = store.labeled.images.objects(index).map {
            $0.placed(in: letterbox, imageWidth: width, imageHeight: height)
        }
        objects = damage.isEmpty ? ObjectWarp(warp, perspective, width: pictureWidth, height: pictureHeight)(placed) : []
    }
}

// MARK: A mosaic

extension SampleScene {
    /// A mosaic on a canvas of twice the size of the picture, with the objects that are pasted on it.
    init(_ mosaic: AugmentationPlan.Mosaic, _ plan: AugmentationPlan, from store: ImageStore) throws(DataError) {
        let side = store.imageSize
        let canvasSize = 2 * side
        warp = MosaicWarp(from: (canvasSize, canvasSize), to: (side, side), mosaic.perspective, plan)
        let sight = warp.partInSight(width: side, height: side)
        let images = PlacedImage.all(of: mosaic.layout, in: store)
        let placed = images.flatMap { $0.objects(in: store, canvasSize: canvasSize) }
        let origins = images.indices.flatMap { position in
            repeatElement(position, count: store.labeled.images.boxes(images[position].index).count)
        }

        // An object can be pasted within sight from a place that is out of sight.
        let pasted = CopyPaste(mosaic.pasted, of: placed, canvasWidth: canvasSize).copies
        let shapes = pasted.map { $0.object.mirroredShape(from: placed[$0.original], canvasSize: canvasSize, in: sight) }
        let wanted = [sight] + shapes.compactMap { $0.map { $0.source(of: $0.destination.intersection(sight)) } }
        let loaded = try Self.load(images, showing: wanted, from: store)
        tiles = loaded.tiles
        damage = loaded.damage.map(\.reason)

        let isDamaged = Set(loaded.damage.map(\.position))
        let intact = placed.indices.filter { !isDamaged.contains(origins[$0]) }
        let copies = pasted.indices.filter { !isDamaged.contains(origins[pasted[$0].original]) }
        objects = ObjectWarp(warp, mosaic.perspective, width: side, height: side)(
            intact.map { placed[$0] } + copies.map { pasted[$0].object })
        try paste(copies.compactMap { shapes[$0] }, in: sight)
    }

    private mutating func paste(_ shapes: [MirroredShape], in sight: PixelRect) throws(DataError) {
        guard !shapes.isEmpty else { return }
        do throws(ImagingError) {
            let patches = try Self.withViews(of: tiles[...]) { tiles throws(ImagingError) in
                try warp.patches(pasting: shapes, over: tiles, in: sight)
            }
            tiles += patches.map { Tile($0.image, x: $0.x, y: $0.y) }
        } catch {
            throw .image(error)
        }
    }

    /// Loads the images of a mosaic of which something is wanted. Decoding is most of the work, and often an image is out of
    /// sight.
    ///
    /// - Parameter wanted: The pixels of the canvas that count.
    /// - Returns: Also which of the images could not be decoded, by their position.
    private static func load(
        _ images: [PlacedImage], showing wanted: [PixelRect], from store: ImageStore
    ) throws(DataError) -> (tiles: [Tile], damage: [(position: Int, reason: DataError)]) {
        var tiles: [Tile] = []
        var damage: [(position: Int, reason: DataError)] = []
        for (position, placed) in images.enumerated() {
            guard let part = placed.part(showing: wanted) else { continue }
            let image = try store.load(placed.index, part: part)
            tiles.append(Tile(image, x: placed.place.x0 + image.place.x0, y: placed.place.y0 + image.place.y0))
            if let reason = image.damage { damage.append((position, reason)) }
        }
        return (tiles, damage)
    }
}

/// An image of a mosaic and the pixels of the canvas that it covers.
private struct PlacedImage {
    let index: Int
    let place: PixelRect

    static func all(of layout: MosaicLayout, in store: ImageStore) -> [PlacedImage] {
        let sizes = layout.sources.map(store.size)
        let corners = layout.corners(of: sizes, imageSize: store.imageSize)
        return layout.sources.indices.map { position in
            let (size, corner) = (sizes[position], corners[position])
            let place = PixelRect(width: size.width, height: size.height).moved(x: corner.x, y: corner.y)
            return PlacedImage(index: layout.sources[position], place: place)
        }
    }

    /// The rectangle of the image, in its own pixels, that is needed to show these parts of the canvas; nil for none of it.
    func part(showing wanted: [PixelRect]) -> PixelRect? {
        let parts = wanted.map(place.intersection).filter { !$0.isEmpty }
        guard let first = parts.first else { return nil }
        return parts.dropFirst().reduce(first) { $0.union($1) }.moved(x: -place.x0, y: -place.y0)
    }

    /// The labelled objects in pixels of the canvas, moved to its border where they leave it.
    func objects(in store: ImageStore, canvasSize: Int) -> [PlacedObject] {
        store.labeled.images.objects(index).map { object in
            object.placed(
                width: Float(place.width), height: Float(place.height), left: Float(place.x0), top: Float(place.y0)
            ).clipped(toSide: Float(canvasSize))
        }
    }
}

extension PlacedObject {
    /// The pixels to be pasted for this copy of `original`; nil where nothing of it comes in sight.
    fileprivate func mirroredShape(from original: PlacedObject, canvasSize: Int, in sight: PixelRect) -> MirroredShape? {
        guard let shape = original.mirroredShape(canvasWidth: canvasSize, canvasHeight: canvasSize),
            !shape.destination.intersection(sight).isEmpty
        else { return nil }
        return shape
    }
}

extension MosaicWarp {
    /// A random perspective from a canvas onto a picture, sizes in pixels, with the flips of the plan.
    fileprivate init(
        from canvas: (width: Int, height: Int), to picture: (width: Int, height: Int), _ perspective: PerspectiveParameters,
        _ plan: AugmentationPlan
    ) {
        self.init(
            canvasWidth: canvas.width, canvasHeight: canvas.height,
            transform: perspective.transform(
                sourceWidth: canvas.width, sourceHeight: canvas.height, outputWidth: picture.width,
                outputHeight: picture.height),
            background: Letterbox.gray, isMirrored: plan.flipsHorizontally, isUpsideDown: plan.flipsVertically)
    }
}

extension ObjectWarp {
    fileprivate init(_ warp: MosaicWarp, _ perspective: PerspectiveParameters, width: Int, height: Int) {
        self.init(transform: warp.transform, scale: perspective.scale, width: width, height: height)
    }
}
