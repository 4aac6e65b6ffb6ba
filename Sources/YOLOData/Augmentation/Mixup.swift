package import Imaging

/// Two pictures shown through each other.
///
/// - Source: Zhang et al., "mixup: Beyond Empirical Risk Minimization" (2017), as in the reference's `mixup`.
package enum Mixup {
    /// Replaces `first` by `ratio` of it and the rest of `second`, rounded down. Both have the same size.
    package static func blend(_ first: ImageView, with second: ImageView, ratio: Double) {
        precondition(first.width == second.width && first.height == second.height, "both pictures have the same size")
        let (share, rest) = (Float(ratio), Float(1 - ratio))
        for y in 0..<first.height {
            let (row, other) = (first.row(y), second.row(y))
            for byte in 0..<3 * first.width {
                row[byte] = UInt8(truncatingIfNeeded: Int32(Float(row[byte]) * share + Float(other[byte]) * rest))
            }
        }
    }
}
