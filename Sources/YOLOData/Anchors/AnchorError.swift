/// Why no anchors can be made from a data set.
package enum AnchorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No label has a side of two pixels in images of this size.
    case noUsableLabels(labels: Int, imageSize: Int, firstImages: [String])

    package var description: String {
        switch self {
        case .noUsableLabels(0, _, _):
            "no anchors can be made: the data set has no labels"
        case .noUsableLabels(let labels, let imageSize, let firstImages):
            "no anchors can be made: of \(labels) labels none has a side of 2 pixels when images are \(imageSize) pixels large "
                + "(the first are in \(firstImages.joined(separator: ", "))); give a larger --img, or look whether the label "
                + "files hold fractions of the image"
        }
    }
}
