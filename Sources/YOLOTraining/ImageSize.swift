/// Rounds a side to what a network can take.
enum ImageSize {
    /// The smallest multiple of `stride` that is not below `side`, in pixels (`check_img_size`).
    static func rounded(_ side: Int, toMultipleOf stride: Int) -> Int {
        (side + stride - 1) / stride * stride
    }
}
