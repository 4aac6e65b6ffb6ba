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

    /// Writes every pixel of `destination`, which shares no memory with the tiles. Later tiles cover earlier ones.
    ///
    /// A transform that flattens the plane shows the background alone.
    package func render(_ tiles: [Tile], into destination: ImageView) {
        guard let inverse = transform.inverse else {
            destination.fill(background)
            return
        }
        let elements = inverse.elements
        let warp = COWarp(
            to_plane: (
                elements[0], elements[1], elements[2], elements[3], elements[4], elements[5], elements[6], elements[7],
                elements[8]
            ),
            background: (background.red, background.green, background.blue),
            mirrored: isMirrored, upside_down: isUpsideDown)
        let regions = regions(of: tiles)
        withUnsafePointer(to: warp) { co_warp(destination.raw, regions, regions.count, $0) }
    }

    /// Cuts the plane into the visible parts of the tiles and rectangles of background.
    private func regions(of tiles: [Tile]) -> [CORegion] {
        var regions: [CORegion] = []
        var covered: [PixelRect] = []
        for tile in tiles.reversed() {
            let place = PixelRect(x0: tile.x, y0: tile.y, x1: tile.x + tile.view.width, y1: tile.y + tile.view.height)
            let shown = place.intersection(PixelRect(width: canvasWidth, height: canvasHeight))
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

extension ImageView {
    /// Shows this picture through `transform` (from these pixels to those of `destination`), interpolating linearly;
    /// `border` is the colour around it. The views share no memory.
    package func warp(into destination: ImageView, transform: Homography, border: Color) {
        MosaicWarp(canvasWidth: width, canvasHeight: height, transform: transform, background: border)
            .render([.init(view: self, x: 0, y: 0)], into: destination)
    }
}

extension PixelRect {
    fileprivate func region(data: UnsafePointer<UInt8>?, bytesPerRow: Int) -> CORegion {
        CORegion(
            x0: Int32(x0), y0: Int32(y0), x1: Int32(x1), y1: Int32(y1), data: data, row_bytes: Int64(bytesPerRow))
    }
}
