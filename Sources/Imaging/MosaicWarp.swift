internal import COpenCV

/// Shows a mosaic of pictures through an affine or perspective transform, without painting the mosaic first.
///
/// The result is, to the bit, that of copying the tiles onto a canvas of the background colour and warping the canvas with
/// bilinear interpolation; seams between tiles are interpolated like any other place.
///
///     let warp = MosaicWarp(canvasWidth: 1280, canvasHeight: 1280, transform: transform, background: Color(gray: 114))
///     warp.render([.init(view: first, x: 0, y: 40), .init(view: second, x: 640, y: 0)], into: destination)
package struct MosaicWarp: Sendable {
    /// A picture with its top left pixel at (`x`, `y`) on the canvas. What sticks out of the canvas does not show.
    package struct Tile {
        package let view: ImageView
        package let x, y: Int

        package init(view: ImageView, x: Int, y: Int) {
            (self.view, self.x, self.y) = (view, x, y)
        }

        /// The pixels of the canvas that the picture covers, those outside of it too.
        package var place: PixelRect { PixelRect(width: view.width, height: view.height).moved(x: x, y: y) }
    }

    package let canvasWidth, canvasHeight: Int
    /// From canvas pixels to destination pixels.
    package let transform: Homography
    /// The colour between the tiles and around the canvas.
    package let background: Color
    /// Whether the result is written from right to left.
    package let isMirrored: Bool
    /// Whether the result is written from bottom to top.
    package let isUpsideDown: Bool

    package init(
        canvasWidth: Int, canvasHeight: Int, transform: Homography, background: Color,
        isMirrored: Bool = false, isUpsideDown: Bool = false
    ) {
        (self.canvasWidth, self.canvasHeight) = (canvasWidth, canvasHeight)
        (self.transform, self.background) = (transform, background)
        (self.isMirrored, self.isUpsideDown) = (isMirrored, isUpsideDown)
    }

    /// A second mosaic that shows through a first one.
    package struct Mixture {
        package let warp: MosaicWarp
        package let tiles: [Tile]
        /// Share of the first mosaic, 0 to 1; the sum is rounded down.
        package let share: Double

        package init(warp: MosaicWarp, tiles: [Tile], share: Double) {
            (self.warp, self.tiles, self.share) = (warp, tiles, share)
        }
    }

    /// Writes every pixel of `destination`, which shares no memory with the tiles. Later tiles cover earlier ones.
    ///
    /// A mixture and a change of colours are part of the same pass over the pixels, which costs less than one after the other.
    /// A transform that flattens the plane shows the background alone.
    package func render(
        _ tiles: [Tile], into destination: ImageView, mixture: Mixture? = nil, adjustment: HSVAdjustment? = nil
    ) {
        func paint(_ tones: UnsafePointer<COTones>?) {
            withScene(of: tiles) { scene in
                guard let mixture else { return co_paint(destination.raw, scene, nil, tones) }
                mixture.warp.withScene(of: mixture.tiles) { second in
                    var mixture = COMixture(scene: second, share: mixture.share)
                    co_paint(destination.raw, scene, &mixture, tones)
                }
            }
        }
        if let adjustment { adjustment.withTones(paint) } else { paint(nil) }
    }

    private func withScene(of tiles: [Tile], _ body: (UnsafePointer<COScene>) -> Void) {
        let inverse = transform.inverse
        let regions = regions(of: inverse == nil ? [] : tiles)
        let m = inverse?.elements ?? Homography.identity.elements
        regions.withUnsafeBufferPointer { regions in
            guard let first = regions.baseAddress else { return }
            var scene = COScene(
                regions: first, count: regions.count,
                to_plane: (m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]),
                background: (background.red, background.green, background.blue),
                mirrored: isMirrored, upside_down: isUpsideDown)
            body(&scene)
        }
    }

    /// Cuts the plane into the visible parts of the tiles and rectangles of background.
    private func regions(of tiles: [Tile]) -> [CORegion] {
        let canvas = PixelRect(width: canvasWidth, height: canvasHeight)
        var regions: [CORegion] = []
        var covered: [PixelRect] = []
        for tile in tiles.reversed() {
            let shown = tile.place.intersection(canvas)
            guard !shown.isEmpty else { continue }
            for part in shown.without(covered) {
                let first = tile.view.row(part.y0 - tile.y) + 3 * (part.x0 - tile.x)
                regions.append(part.region(data: first, bytesPerRow: tile.view.bytesPerRow))
            }
            covered.append(shown)
        }
        let farAway = 1 << 25
        let plane = PixelRect(x0: -farAway, y0: -farAway, x1: farAway, y1: farAway)
        return regions + plane.without(covered).map { $0.region(data: nil, bytesPerRow: 0) }
    }
}

extension PixelRect {
    fileprivate func region(data: UnsafePointer<UInt8>?, bytesPerRow: Int) -> CORegion {
        CORegion(
            x0: Int32(x0), y0: Int32(y0), x1: Int32(x1), y1: Int32(y1), data: data, row_bytes: Int64(bytesPerRow))
    }
}
