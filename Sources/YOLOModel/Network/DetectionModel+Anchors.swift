package import Torch

extension DetectionModel {
    /// Anchors as numbers, [level][anchor], in pixels; nil where the model leaves them to be made from the data, and its head
    /// holds placeholders that no object fits. Waits for the device.
    package func anchorsInPixels() throws(TorchError) -> [[(width: Float, height: Float)]]? {
        let sizes = zip(try head.anchorSizes(), strides).map { level, stride in
            level.map { (width: $0.width * Float(stride), height: $0.height * Float(stride)) }
        }
        // Placeholders begin with a width of 0, which no anchor has.
        return sizes.joined().allSatisfy { $0.width > 0 && $0.height > 0 } ? sizes : nil
    }

    /// Takes other anchors, in its head and in its configuration, before anything has learned from the old ones.
    /// - Parameter pixels: width, height, width, … in pixels, for each level from the first on; as many as the head has.
    ///   They are turned round where they do not grow as the strides do.
    package mutating func setAnchors(_ pixels: [[Double]]) throws(TorchError) {
        precondition(
            pixels.count == strides.count && pixels.allSatisfy { $0.count == 2 * head.anchorCount },
            "as many anchors as the head has, at each level")
        try head.setAnchors(pixels)
        configuration.anchors = .pixels(pixels)
    }
}
