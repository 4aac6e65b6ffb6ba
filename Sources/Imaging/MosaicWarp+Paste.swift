// The only place where pixels of the canvas are painted: where shapes are pasted on it.

extension MosaicWarp {
    /// A piece of the canvas with shapes pasted on it, and its place; a tile over the other ones.
    package typealias Patch = (image: Image, x: Int, y: Int)

    /// More patches than these become one: each costs time in every row that it shows in.
    private static let mostPatches = 8

    /// A part of the canvas that `tiles` make, pixel by pixel.
    package func canvas(_ part: PixelRect, of tiles: [Tile]) -> Image {
        Image(width: part.width, height: part.height) { view in
            let isCovered = tiles.contains { $0.place.contains(part) }
            if !isCovered { view.fill(background) }
            for tile in tiles {
                let shown = tile.place.intersection(part)
                guard !shown.isEmpty else { continue }
                tile.view.part(x: shown.x0 - tile.x, y: shown.y0 - tile.y, width: shown.width, height: shown.height)
                    .copy(into: view.part(
                        x: shown.x0 - part.x0, y: shown.y0 - part.y0, width: shown.width, height: shown.height))
            }
        }
    }

    /// Pastes shapes that are cut out of the canvas as it was before the first one.
    ///
    /// - Parameter sight: Only this part of the canvas matters (`partInSight`).
    /// - Returns: Tiles to be rendered after `tiles`. Where they overlap they are the same.
    package func patches(
        pasting shapes: [MirroredShape], over tiles: [Tile], in sight: PixelRect
    ) throws(ImagingError) -> [Patch] {
        var pastes: [Paste] = []
        for shape in shapes {
            let part = shape.destination.intersection(sight)
            guard !part.isEmpty else { continue }
            let pixels = canvas(shape.source(of: part), of: tiles)
            pastes.append(Paste(shape: shape, part: part, mask: try shape.mask(), pixels: pixels))
        }
        var places = pastes.map(\.part)
        if places.count > Self.mostPatches { places = [places.dropFirst().reduce(places[0]) { $0.union($1) }] }
        return places.map { place in
            var image = canvas(place, of: tiles)
            image.withMutableView { view in
                for paste in pastes { paste.draw(on: view, at: place) }
            }
            return (image, place.x0, place.y0)
        }
    }
}

/// A shape that has been cut out.
private struct Paste {
    let shape: MirroredShape
    /// Where it goes.
    let part: PixelRect
    let mask: [UInt8]
    /// Not yet mirrored.
    let pixels: Image

    /// Draws what of the shape lies at `place`, which `view` shows.
    func draw(on view: ImageView, at place: PixelRect) {
        let shared = part.intersection(place)
        guard !shared.isEmpty else { return }
        let all = shape.source(of: part)
        let wanted = shape.source(of: shared)
        pixels.withView { pixels in
            shape.paste(
                mask: mask,
                pixels: pixels.part(
                    x: wanted.x0 - all.x0, y: wanted.y0 - all.y0, width: wanted.width, height: wanted.height),
                at: shared,
                onto: view.part(
                    x: shared.x0 - place.x0, y: shared.y0 - place.y0, width: shared.width, height: shared.height))
        }
    }
}
