/// The function whose graph joins given points by straight lines.
struct PiecewiseLinear {
    /// Not falling. Where an `x` repeats, the function jumps and has the value of the last such point.
    let x: [Double]
    let y: [Double]

    /// The values at `positions`, which must not fall: `left` before the first point, the last point's value after the last.
    ///
    /// One pass over points and positions together. Source: NumPy's `interp`, whose value at a jump average precision relies on.
    func values(at positions: [Double], left: Double) -> [Double] {
        var next = 0  // the first point beyond the position
        return positions.map { position in
            while next < x.count, x[next] <= position { next += 1 }
            guard next > 0 else { return left }
            let last = next - 1
            guard next < x.count, x[last] < position else { return y[last] }
            return y[last] + (y[next] - y[last]) / (x[next] - x[last]) * (position - x[last])
        }
    }
}
