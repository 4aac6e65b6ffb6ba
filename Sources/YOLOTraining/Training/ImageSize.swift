/// Rounds a side to what a network can take.
enum ImageSize {
    /// The smallest multiple of `stride` that is below neither `side` nor `floor`, in pixels (`check_img_size`).
    static func rounded(_ side: Int, toMultipleOf stride: Int, atLeast floor: Int = 0) -> Int {
        max((side + stride - 1) / stride * stride, floor)
    }
}
