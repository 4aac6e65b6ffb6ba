extension MosaicWarp {
    /// The pixels of the canvas that a destination of this size may show. What lies outside has no influence on `render`,
    /// whatever it is; what lies inside may still be out of sight.
    package func partInSight(width: Int, height: Int) -> PixelRect {
        let canvas = PixelRect(width: canvasWidth, height: canvasHeight)
        let nothing = PixelRect(x0: 0, y0: 0, x1: 0, y1: 0)
        guard let inverse = transform.inverse else { return nothing }
        let corners = [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)].map { (Double($0.0), Double($0.1)) }
        // A corner on the horizon or behind it: no rectangle holds what is seen.
        let m = inverse.elements
        let depths = corners.map { m[6] * $0.0 + m[7] * $0.1 + m[8] }
        guard let nearest = depths.min(), let farthest = depths.max(), nearest > 0 || farthest < 0 else { return canvas }
        let places = corners.map { inverse(x: $0.0, y: $0.1) }
        // Interpolation reads one pixel further, and positions are rounded.
        let margin = 3.0
        func bounds(_ values: [Double], _ side: Int) -> (Int, Int)? {
            guard let low = values.min(), let high = values.max(), low.isFinite, high.isFinite else { return (0, side) }
            let first = max((low - margin).rounded(.down), 0)
            let end = min((high + margin).rounded(.up) + 1, Double(side))
            return first < end ? (Int(first), Int(end)) : nil
        }
        guard let x = bounds(places.map(\.x), canvasWidth), let y = bounds(places.map(\.y), canvasHeight) else { return nothing }
        return PixelRect(x0: x.0, y0: y.0, x1: x.1, y1: y.1)
    }
}
